"""What a prompt asks for, by rules: region, view, side and finding, or why it cannot be shown.

English only. A wrong picture is worse than none, so whatever else than an adult's radiograph of one
known region, intact or with one of the known findings, raises `Unsupported`.
"""

import re
from dataclasses import dataclass

from generation.backends.base import Unsupported
from generation.backends.phantom.atlas import ATLAS, FRONTAL, PAIRED, USUAL
from generation.backends.phantom.defects.words import read_defects, read_finding

REGIONS = {
    "KNEE": r"knee",
    "HAND": r"hand",
    "CHEST": r"chest|thorax|thoracic cage|lungs?",
    "PELVIS": r"pelvis|pelvic",
    "SKULL": r"skull|head|cranium",
}
OTHER_REGIONS = (
    r"shoulders?|abdomen|abdominal|ankles?|wrists?|elbows?|f(?:oo|ee)t|toes?|fingers?|thumbs?|hips?"
    r"|(?:cervical|thoracic|lumbar)? ?spine|vertebrae?|necks?|legs?|arms?|forearms?|thighs?"
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
OTHER_PATIENTS = (
    r"child\w*|infants?|bab(?:y|ies)|newborns?|neonat\w*|toddlers?|p(?:a?e)diatric\w*|adolescents?"
    r"|f(?:o?e)tus|f(?:o?e)tal|growth plates?|dogs?|cats?|horses?|animals?|veterinary|monkeys?"
)
OTHER_VIEWS = (
    r"obliques?|axial|sunrise|skyline|merchant|rosenberg|tunnel|towne\w*|waters|caldwell|submento\w*"
    r"|frog\w*|inlet|outlet|judet|lordotic|decubitus|stress|brewerton|norgaard|ball.?catcher\w*"
)
VIEWS = {
    "AP": r"ap|a\.p\.|antero.?posterior",
    "PA": r"pa|p\.a\.|postero.?anterior",
    "LATERAL": r"lateral|lat|side view|profile",
    "FRONTAL": r"frontal|front view",
}
SIDES = {"L": r"left|l", "R": r"right|r"}
NEGATED = (
    rf"\b(?:no|without|free of|negative for)(?: \w+){{0,3}}? (?:{PATHOLOGY})\b"
    rf"(?:(?:,|,? or|,? and)(?: \w+){{0,2}}? (?:{PATHOLOGY})\b)*"
)
HALF_NAMED = r"missing|absent|extra|fused|duplicated|misplaced"
BOTH_SIDES = r"both|bilateral|two|pair"


@dataclass(frozen=True, slots=True)
class PromptReading:
    """A prompt in DICOM's terms. `laterality` is L, R or empty; `defects` and `finding` are names
    of the catalogue of defects."""

    region: str
    view: str
    laterality: str = ""
    defects: tuple[str, ...] = ()
    modality: str = "DX"
    finding: str = ""


def parse_prompt(text: str) -> PromptReading:
    """Read a prompt. Raises `Unsupported` with the reason where it cannot be shown."""
    words = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    defects, rest = read_defects(words)
    rest = re.sub(NEGATED, " ", rest)
    rest = re.sub(r"\b(?:no|without|free of)(?: any| an| a)? (\w+)(?: or (\w+))?", " ", rest)
    mention, rest = read_finding(rest)
    _reject_what_is_no_adult_radiograph(rest)
    region = _region(rest)
    sides = _found(SIDES, rest)
    if len(sides) > 1 or (
        region in PAIRED and (_has(BOTH_SIDES, rest) or _has(r"knees|hands", rest))
    ):
        raise Unsupported("The phantom shows one side at a time.")
    view = _view(region, rest)
    side = sides[0] if sides and (region in PAIRED or view == "LATERAL") else ""
    finding = ""
    if mention:
        own = sides[0] if sides and not side else ""
        finding = mention.name(region, view, own)
    return PromptReading(region, view, side, defects, finding=finding)


def _reject_what_is_no_adult_radiograph(words: str) -> None:
    for pattern, name in OTHER_MODALITIES.items():
        if _has(pattern, words):
            raise Unsupported(f"The phantom makes radiographs only, not {name}.")
    if found := _has(OTHER_PATIENTS, words):
        raise Unsupported(f"The phantom shows adults only, not “{found}”.")
    if found := _has(PATHOLOGY, words):
        raise Unsupported(f"The phantom cannot show “{found}”.")
    if found := _has(HALF_NAMED, words):
        raise Unsupported(f"The phantom has no such defect: “{found}”.")
    if found := _has(OTHER_VIEWS, words):
        raise Unsupported(f"The phantom has no such view: “{found}”.")


def _region(words: str) -> str:
    found = _found({region: rf"(?:{pattern})s?" for region, pattern in REGIONS.items()}, words)
    other = _has(OTHER_REGIONS, words)
    if other:
        raise Unsupported(f"The phantom cannot show “{other}”; it has {_known()}.")
    if not found:
        raise Unsupported(f"The prompt names no region that the phantom has ({_known()}).")
    if len(found) > 1:
        raise Unsupported("The phantom shows one region at a time.")
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
        raise Unsupported(f"The phantom has no {view} view of the {region.lower()}.")
    return view


def _known() -> str:
    return ", ".join(region.lower() for region in REGIONS)


def _found(patterns: dict[str, str], words: str) -> list[str]:
    return [key for key, pattern in patterns.items() if _has(pattern, words)]


def _has(pattern: str, words: str) -> str:
    match = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", words)
    return match.group() if match else ""
