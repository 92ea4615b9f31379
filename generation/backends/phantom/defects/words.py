"""Defects and findings as prompts name them. English, lower case, hyphens read as blanks.

A finding is shown only where its words are fully understood: a kind of fracture or a site that the
phantom does not draw raises `Unsupported`.
"""

import re
from dataclasses import dataclass
from functools import cache

from generation.backends.base import Unsupported
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects.bones import meant
from generation.backends.phantom.defects.catalogue import DEFECTS, FAMILIES, injection
from generation.backends.phantom.defects.family import Names, bone_names

LONGEST = 4  # words that say where
FINDING_WORDS = {
    "fracture": r"fractured?|broken",
    "joint_effusion": r"(?:joint |suprapatellar )?effusion",
    "pleural_effusion": r"(?:pleural )?effusion",
    "nodule": r"(?:solitary )?(?:pulmonary |lung )?nodule",
    "pneumothorax": r"pneumothorax",
}
OTHER_KINDS = (
    r"comminut\w*|spiral|greenstick|torus|buckle|compress\w*|burst|hairline|un ?displaced"
    r"|non ?displaced|impacted|avuls\w*|patholog\w*|insufficiency|open|compound|intra ?articular"
    r"|segmental|butterfly|heal\w*|old|previous|prior|history|treated|fixed|fixation"
    r"|boxer\S*|colles\S*|smith\S*|barton\S*|bennett\S*|rolando\S*|galeazzi|monteggia|jones"
    r"|segond|salter\S*|plateau|condyl\w*|styloid|trochant\w*|tubero\w*|malleol\w*|heads? of"
    r"|base of|tuft|tension|hydro\w*|haemo\w*|hemo\w*|loculated|encysted|subpulmonic|calcified"
    r"|cavit\w*|hilar|multiple|several|two|both|bilateral|suspect\w*|possibl\w*|probabl\w*"
    r"|pericardial|thyroid|skin|cutaneous|subcutaneous|rheumatoid|mediastinal|subdural"
    r"|rule out|exclud\w*|query|no|not|without"
)
ENDS = {
    "distal": r"distal(?: end of)?",
    "proximal": r"proximal(?: end of)?",
    "midshaft": r"mid ?shaft(?: of)?|shaft of|diaphys\w+(?: of)?|shaft",
}
ADJECTIVES = {
    "radial": "radius", "ulnar": "ulna", "humeral": "humerus", "femoral": "femur",
    "tibial": "tibia", "fibular": "fibula", "clavicular": "clavicle", "collarbone": "clavicle",
    "collar bone": "clavicle", "shin bone": "tibia", "thigh bone": "femur",
}  # fmt: skip
DIGITS = (
    ("thumb", "first", "1st"), ("index", "second", "2nd"), ("middle", "third", "3rd"),
    ("ring", "fourth", "4th"), ("little", "fifth", "5th"),
)  # fmt: skip
# Words of bones' names that mean other things as well.
NO_BONES = {
    "and", "body", "bone", "bones", "far", "hip", "lateral", "left", "lower", "near", "of",
    "opposite", "plates", "right", "side", "upper",
}  # fmt: skip
RAYS = "metacarpal|metatarsal|proximal phalanx"


@dataclass(frozen=True, slots=True)
class Mention:
    """Kinds of finding that a prompt may mean, and the words for where but for the side."""

    kinds: Names
    where: str

    def name(self, region: str, view: str, side: str) -> str:
        """The one that this view can show. `side` is L, R or empty. Raises Unsupported."""
        words = " ".join(filter(None, ({"L": "left", "R": "right"}.get(side, ""), self.where)))
        possible = [kind for kind in self.kinds if FAMILIES[kind].options(region, view)]
        name = "_".join([(possible or self.kinds)[0], *words.split()])
        injection(name, region, view)
        return name


def read_defects(words: str) -> tuple[Names, str]:
    """Defects asked for by name, and the words without them."""
    found: list[str] = []
    for kind in sorted(DEFECTS, key=len, reverse=True):
        plain = kind.replace("_", " ")
        while match := re.search(rf"(?<!\w){plain}(?!\w)", words):
            where = _where(words[match.end() :], kind)
            if not where and " " not in plain:  # “missing” alone says too little
                break
            found.append("_".join([kind, *where.split()]))
            words = f"{words[: match.start()]} {words[match.end() + len(where) + bool(where) :]}"
    return tuple(found), words


def _where(following: str, kind: str) -> str:
    """The longest beginning of the following words that names a site of this kind of defect."""
    words = re.match(r"(?: [\w]+)*", following).group().split()  # type: ignore[union-attr]
    for count in range(min(LONGEST, len(words)), 0, -1):
        phrase = " ".join(words[:count])
        if meant(phrase, _everywhere(kind)):
            return phrase
    return ""


@cache
def _everywhere(kind: str) -> Names:
    """All that a kind of defect or finding can be shown at, in whichever view."""
    options = FAMILIES[kind].options
    return tuple({name: None for key in ATLAS for name in options(*key)})


def read_finding(words: str) -> tuple[Mention | None, str]:
    """The finding that is asked for, and the words without it. Raises Unsupported."""
    found = {kind: _search(pattern, words) for kind, pattern in FINDING_WORDS.items()}
    texts = {kind: match.group() for kind, match in found.items() if match}
    if not texts:
        return None, words
    text = max(texts.values(), key=len)
    kinds = tuple(kind for kind, one in texts.items() if one == text)
    rest = re.sub(rf"(?<!\w){text}(?!\w)", " ", words, count=1)
    if other := _search(OTHER_KINDS, rest):
        raise Unsupported(f"The phantom cannot show “{other.group()}” with “{text}”.")
    where, rest = _broken_bone(rest) if kinds == ("fracture",) else _zone(rest)
    return Mention(kinds, where), " ".join(rest.split())


def _broken_bone(words: str) -> tuple[str, str]:
    """The bone and its end, as “distal radius”, and the words without them."""
    for adjective, noun in ADJECTIVES.items():
        words = re.sub(rf"(?<!\w){adjective}(?!\w)", noun, words)
    words = re.sub(rf"(?<!\w)({'|'.join(sum(DIGITS, ()))}) ({RAYS})(?!\w)", _of_ray, words)
    bone = "|".join(sorted(_breakable(), key=len, reverse=True))
    match = _search(
        rf"(?P<end>{'|'.join(ENDS.values())})? ?(?:the )?(?P<side>left |right )?"
        rf"(?P<bone>{bone})(?P<after> mid ?shaft| shaft)?",
        words,
    )
    where, rest = "", words
    if match:
        end = "midshaft" if match["after"] else _end(match["end"])
        where = f"{end} {match['bone']}".strip()
        rest = f"{words[: match.start()]} {match['side'] or ''} {words[match.end() :]}"
    if other := _search("|".join(sorted(_bone_words(), key=len, reverse=True)), rest):
        raise Unsupported(f"The phantom cannot show a fracture there: “{other.group()}”.")
    return where, rest


def _of_ray(match: re.Match[str]) -> str:
    """“fifth metacarpal” as that bone is named: “metacarpal 5”."""
    return f"{match[2]} {next(k for k, names in enumerate(DIGITS, 1) if match[1] in names)}"


def _end(text: str | None) -> str:
    return next((end for end, pattern in ENDS.items() if text and re.fullmatch(pattern, text)), "")


@cache
def _breakable() -> frozenset[str]:
    """The bones that break in some view, without end and side: also by their last word alone."""
    names = {re.sub(r"^\w+ | (?:left|right)$", "", name) for name in _everywhere("fracture")}
    return frozenset({*names, *(re.sub(r" \d+$", "", name).split()[-1] for name in names)})


@cache
def _bone_words() -> frozenset[str]:
    """Every word that is a bone's or a digit's, so that one which cannot break is not read over."""
    words = {word.lower() for key in ATLAS for name in bone_names(*key) for word in name.split()}
    words |= {word for names in DIGITS for word in names}
    return frozenset(re.escape(word) for word in words - NO_BONES if not word.isdigit())


def _zone(words: str) -> tuple[str, str]:
    """Upper, middle or lower, of a lung."""
    found = _search(
        r"(?P<zone>upper|middle|mid|lower) (?:lobe|zone|lung|field)(?: zone| field)?", words
    )
    if not found:
        return "", words
    zone = "middle" if found["zone"] == "mid" else found["zone"]
    return zone, f"{words[: found.start()]} {words[found.end() :]}"


def _search(pattern: str, words: str) -> re.Match[str] | None:
    return re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words)
