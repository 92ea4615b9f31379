"""Words for body part, view and side, brought to the terms of DICOM.

Body parts: Body Part Examined, PS3.16 Annex L. Views: View Position (PS3.3 C.8.7.1) where it has a
term; its left and right laterals are one view here, since the side stands in Image Laterality.
"""

import re


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BODY_PARTS = words(
    """
    ABDOMEN ABDOMENPELVIS ANKLE ARM BONE BREAST CALCANEUS CALF CERVIX CHEST CHESTABDOMEN CLAVICLE
    COCCYX CSPINE CTSPINE ELBOW EXTREMITY FACE FEMUR FIBULA FINGER FOOT FOREARM HAND HEAD HIP
    HUMERUS JAW KNEE LEG LOWERLEG LOWERLIMB LSPINE LSSPINE LTSPINE MANDIBLE MASTOID MAXILLA
    NASALBONE NECK NOSE ORBIT PATELLA PELVIS PETROUSBONE RADIUS RADIUSULNA RIB SACRUM SCAPULA
    SCALP SELLA SHOULDER SIJOINT SINUS SKULL SPINE SSPINE STERNUM THIGH THUMB TIBIA TIBIAFIBULA
    TMJ TOE TSPINE TLSPINE ULNA UPPERARM UPPERLIMB WHOLEBODY WRIST ZYGOMA
    """
)

_BODY_PART_WORDS = {
    "CERVICALSPINE": "CSPINE",
    "THORACICSPINE": "TSPINE",
    "DORSALSPINE": "TSPINE",
    "LUMBARSPINE": "LSPINE",
    "LUMBOSACRALSPINE": "LSSPINE",
    "THORACOLUMBARSPINE": "TLSPINE",
    "SACRALSPINE": "SSPINE",
    "HEAD": "SKULL",
    "CRANIUM": "SKULL",
    "THORAX": "CHEST",
    "LUNG": "CHEST",
    "LUNGS": "CHEST",
    "PELVISHIP": "PELVIS",
    "HIPPELVIS": "PELVIS",
    "HIPS": "HIP",
    "HEEL": "CALCANEUS",
    "COLLARBONE": "CLAVICLE",
    "RIBS": "RIB",
    "FINGERS": "FINGER",
    "TOES": "TOE",
    "NOSEBONE": "NASALBONE",
    "SINUSES": "SINUS",
    "SACROILIACJOINT": "SIJOINT",
}

_SPOKEN = {
    "CSPINE": "cervical spine",
    "TSPINE": "thoracic spine",
    "LSPINE": "lumbar spine",
    "LSSPINE": "lumbosacral spine",
    "TLSPINE": "thoracolumbar spine",
    "SSPINE": "sacral spine",
    "SKULL": "head",
    "SIJOINT": "sacroiliac joint",
    "NASALBONE": "nasal bone",
    "TIBIAFIBULA": "lower leg",
    "LOWERLEG": "lower leg",
    "UPPERARM": "upper arm",
    "WHOLEBODY": "whole body",
}

_VIEW_WORDS = {
    "ANTEROPOSTERIOR": "AP",
    "POSTEROANTERIOR": "PA",
    "FRONTAL": "",
    "LAT": "LATERAL",
    "LL": "LATERAL",
    "RL": "LATERAL",
    "CROSSTABLELATERAL": "LATERAL",
    "OBL": "OBLIQUE",
    "LLO": "OBLIQUE",
    "RLO": "OBLIQUE",
    "LLD": "DECUBITUS",
    "RLD": "DECUBITUS",
    "SKYLINE": "AXIAL",
    "SUNRISE": "AXIAL",
    "OPENMOUTH": "OPEN_MOUTH",
    "ODONTOID": "OPEN_MOUTH",
}

_LATERALITIES = {
    "R": "R",
    "RIGHT": "R",
    "L": "L",
    "LEFT": "L",
    "B": "B",
    "BOTH": "B",
    "BILATERAL": "B",
    "U": "U",
    "UNPAIRED": "U",
}

_UNKNOWN = frozenset({"", "NA", "NONE", "UNKNOWN", "UNSPECIFIED", "NOTAPPLICABLE"})
_LONGEST = 32


def normalise_body_part(text: str) -> str:
    """A term of BODY_PARTS where the word is known, else its letters and digits in upper case.

    `pelvis/hip` alone says PELVIS; whether it is one hip is told by the side (see `manifest`).
    """
    word = _letters(text)
    return "" if word in _UNKNOWN else _BODY_PART_WORDS.get(word, word)[:_LONGEST]


def spoken(body_part_examined: str) -> str:
    """A body part as a prompt would name it."""
    return _SPOKEN.get(body_part_examined, body_part_examined.lower())


def body_part_in(text: str) -> str:
    """The first body part that a sentence names, as a term of BODY_PARTS; empty if none."""
    found = re.findall(r"[A-Za-z]+", text)
    for count in (2, 1):
        for start in range(len(found) - count + 1):
            term = normalise_body_part("".join(found[start : start + count]))
            if term in BODY_PARTS:
                return term
    return ""


def normalise_view(text: str) -> str:
    """AP, PA, LATERAL, OBLIQUE, AXIAL, OPEN_MOUTH, …; an unknown word in upper case with `_`."""
    word = _letters(text)
    if word in _UNKNOWN:
        return ""
    return _VIEW_WORDS.get(word, re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_"))[:_LONGEST]


def normalise_laterality(text: str) -> str:
    """R, L, B (both), U (unpaired), or an empty string for whatever is none of them."""
    return _LATERALITIES.get(_letters(text), "")


def _letters(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
