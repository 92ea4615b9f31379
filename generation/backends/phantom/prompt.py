"""What a prompt asks for, by rules: region, view, side and finding, or why it cannot be shown.

English only. A wrong picture is worse than none, so whatever else than a radiograph of one known
region, intact or with one of the known findings, raises `Unsupported`.
"""

import re
from dataclasses import dataclass

from generation.backends.base import Unsupported
from generation.backends.phantom.atlas import ATLAS, FRONTAL, PAIRED, USUAL, WITH_CHILD
from generation.backends.phantom.defects.words import read_defects, read_finding

SPINE = r"spines?|vertebrae?|spinal column"  # alone, it does not say which part
SPINAL = rf"(?=.*\b(?:{SPINE})\b)"
REGIONS = {
    "SHOULDER": r"shoulder",
    "ELBOW": r"elbow",
    "WRIST": r"wrist",
    "HAND": r"hand",
    "KNEE": r"knee",
    "ANKLE": r"ankle",
    "FOOT": r"foot",
    "CHEST": r"chest|thorax|thoracic cage|lungs?",
    "PELVIS": r"pelvis|pelvic",
    "SKULL": r"skull|head|cranium",
    "CSPINE": rf"cervical{SPINAL}|c ?spine",
    "TSPINE": rf"(?:thoracic|dorsal){SPINAL}|t ?spine",
    "LSPINE": rf"(?:lumbar|lumbosacral){SPINAL}|l ?spine",
    "ABDOMEN": r"abdomen|abdominal|belly|kub",
    "HIP": r"hip",
}
PLAIN = {"CSPINE": "cervical spine", "TSPINE": "thoracic spine", "LSPINE": "lumbar spine"}
OTHER_REGIONS = (
    r"toes?|fingers?|thumbs?|necks?|legs?|arms?|forearms?|thighs?"
    r"|femurs?|tibias?|calf|humerus|heel|calcaneus|sacrum|coccyx|ribs?|sternum|clavicles?|scapulas?|jaws?"
    r"|mandibles?|teeth|tooth|dental|panoramic|sinus(?:es)?|orbits?|face|facial|nasal|breasts?"
    r"|hearts?|brain|kidneys?|bladder|bowel|liver|full body|whole body|skeleton|babygram"
)
OTHER_MODALITIES = {
    r"ct|cts|computed tomograph\w*|cat scans?|cbct|hrct": "CT",
    r"mri?|mris|magnetic resonance\w*|fmri": "MRI",
    r"ultraso\w*|sonogra\w*|echo\w*|doppler": "ultrasound",
    r"pet|spect|scintigra\w*|bone scans?": "nuclear medicine",
    r"angiogra\w*|fluorosc\w*|dsa|venogra\w*|arthrogra\w*|barium": "fluoroscopy",
    r"mammogra\w*|tomosynthesis": "mammography",
    r"dexa|dxa|densitometry": "densitometry",
    r"photo\w*|painting|drawing|sketch|cartoon|illustration|endoscop\w*": "other pictures",
}
PATHOLOGY = (
    r"fractur\w*|broken|dislocat\w*|subluxat\w*|ha?emorrh\w*|bleed\w*|ha?ematoma\w*|tumou?rs?|cancer"
    r"|carcinoma\w*|sarcoma\w*|metasta\w*|lesions?|mass|masses|nodules?|cysts?|inflam\w*|infect\w*"
    r"|pneumonia\w*|pneumothora\w*|effusions?|o?edema|consolidat\w*|opacit\w*|infiltrat\w*|covid\S*"
    r"|tubercul\w*|emphysema\w*|copd|fibrosis|atelecta\w*|cardiomegaly|arthri\w*|arthro\w*|osteo\w*"
    r"|degenerat\w*|scolio\w*|patholog\w*|disease\w*|abnormal\w*|injur\w*|trauma\w*|foreign bod\w*"
    r"|implants?|prosthe\w*|replacement|screws?|plates?|nails?|pacemaker\w*|tubes?|catheter\w*"
    r"|surg\w*|postoperative|amputat\w*|abscess\w*|necros\w*|gout|rickets|ruptur\w*|torn|aneurysm\w*"
    r"|hernia\w*|stenos\w*|swelling|calcif\w*"
)
CHILDREN = r"child(?:ren|hood|'s|s)?|p(?:a?e)diatric\w*|open (?:growth plates?|physes)"
OTHER_PATIENTS = (
    r"infants?|bab(?:y|ies)|newborns?|neonat\w*|toddlers?|adolescents?|teenage\w*"
    r"|f(?:o?e)tus|f(?:o?e)tal|dogs?|cats?|horses?|animals?|veterinary|monkeys?"
)
OTHER_VIEWS = (
    r"obliques?|axial|sunrise|skyline|merchant|rosenberg|tunnel|towne\w*|waters|caldwell|submento\w*"
    r"|frog\w*|inlet|outlet|judet|lordotic|decubitus|stress|brewerton|norgaard|ball.?catcher\w*"
    r"|open mouth|odontoid|swimmer\w*|flexion|extension|cross.?table|dunn"
)
VIEWS = {
    "AP": r"ap|a\.p\.|antero.?posterior|dorso.?plantar|mortise",
    "PA": r"pa|p\.a\.|postero.?anterior",
    "LATERAL": r"lateral|lat|side view|profile|scapular y|y view",
    "FRONTAL": r"frontal|front view",
}
SIDES = {"L": r"left|l", "R": r"right|r"}
NEGATED = (
    rf"\b(?:no|without|free of|negative for)(?: \w+){{0,3}}? (?:{PATHOLOGY})\b"
    rf"(?:(?:,|,? or|,? and)(?: \w+){{0,2}}? (?:{PATHOLOGY})\b)*"
)
HALF_NAMED = r"missing|absent|extra|fused|duplicated|misplaced"
BOTH_SIDES = r"both|bilateral|two|pair|shoulders|elbows|wrists|hands|knees|hips|ankles|feet"


@dataclass(frozen=True, slots=True)
class PromptReading:
    """A prompt in DICOM's terms. `laterality` is L, R or empty; `defects` and `finding` are names
    of the catalogue of defects."""

    region: str
    view: str
    laterality: str = ""
    defects: tuple[str, ...] = ()
    modality: str = "DX"
    age_group: str = "adult"
    finding: str = ""


def parse_prompt(text: str) -> PromptReading:
    """Read a prompt. Raises `Unsupported` with the reason where it cannot be shown."""
    words = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    defects, rest = read_defects(words)
    rest = re.sub(NEGATED, " ", rest)
    rest = re.sub(r"\b(?:no|without|free of)(?: any| an| a)? (\w+)(?: or (\w+))?", " ", rest)
    child = _has(CHILDREN, rest)
    rest = re.sub(rf"(?<!\w)(?:{CHILDREN})(?!\w)", " ", rest)
    if _has(r"hips?", rest):
        rest = re.sub(r"\bfrog(?: ?legs?)?\b", "lateral", rest)  # how the hip's lateral is taken
    mention, rest = read_finding(rest)
    _reject_what_is_not_shown(rest)
    region = _region(rest)
    sides = _found(SIDES, rest)
    if len(sides) > 1 or (region in PAIRED and _has(BOTH_SIDES, rest)):
        raise Unsupported("The phantom shows one side at a time.")
    view = _view(region, rest)
    side = sides[0] if sides and (region in PAIRED or view == "LATERAL") else ""
    age_group = "child" if child else "adult"
    check_age_group(age_group, region)
    finding = ""
    if mention:
        own = sides[0] if sides and not side else ""
        finding = mention.name(region, view, own)
    return PromptReading(region, view, side, defects, age_group=age_group, finding=finding)


def check_age_group(age_group: str, region: str) -> None:
    """Raise `Unsupported` where the region has no child's form."""
    if age_group == "child" and region not in WITH_CHILD:
        raise Unsupported(f"The phantom has no child's form of the {region.lower()}.")


def _reject_what_is_not_shown(words: str) -> None:
    for pattern, name in OTHER_MODALITIES.items():
        if _has(pattern, words):
            raise Unsupported(f"The phantom makes radiographs only, not {name}.")
    if found := _has(OTHER_PATIENTS, words):
        raise Unsupported(f"The phantom shows adults and, of the limbs, children, not “{found}”.")
    if found := _has(PATHOLOGY, words):
        raise Unsupported(f"The phantom cannot show “{found}”.")
    if found := _has(HALF_NAMED, words):
        raise Unsupported(f"The phantom has no such defect: “{found}”.")
    if found := _has(OTHER_VIEWS, words):
        raise Unsupported(f"The phantom has no such view: “{found}”.")


def _region(words: str) -> str:
    words = re.sub(r"\bfeet\b", "foot", words)
    found = _found({region: rf"(?:{pattern})s?" for region, pattern in REGIONS.items()}, words)
    other = _has(OTHER_REGIONS, words)
    if other:
        raise Unsupported(f"The phantom cannot show “{other}”; it has {_known()}.")
    if not found and (spine := _has(SPINE, words)):
        raise Unsupported(f"“{spine}” does not say which: cervical, thoracic or lumbar.")
    if not found:
        raise Unsupported(f"The prompt names no region that the phantom has ({_known()}).")
    if len(found) > 1:
        raise Unsupported("The phantom shows one region at a time.")
    if found == ["ABDOMEN"] and (upright := _has(r"erect|upright|standing", words)):
        raise Unsupported(f"The phantom shows the abdomen supine only, not “{upright}”.")
    return found[0]


def _view(region: str, words: str) -> str:
    views = _found(VIEWS, words)
    if len(views) > 1 and "FRONTAL" in views:
        views.remove("FRONTAL")
    if len(views) > 1:
        raise Unsupported("The phantom shows one view at a time.")
    view = views[0] if views else USUAL[region]
    view = FRONTAL[region] if view == "FRONTAL" else view
    if (region, view) not in ATLAS:
        raise Unsupported(f"The phantom has no {view} view of the {plain(region)}.")
    return view


def _known() -> str:
    return ", ".join(plain(region) for region in REGIONS)


def plain(region: str) -> str:
    """A region as one says it, where DICOM's term is a shorthand."""
    return PLAIN.get(region, region.lower())


def _found(patterns: dict[str, str], words: str) -> list[str]:
    return [key for key, pattern in patterns.items() if _has(pattern, words)]


def _has(pattern: str, words: str) -> str:
    match = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words)
    return match.group() if match else ""
