"""Reading prompts: what is understood, and what is refused rather than shown wrongly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.backends.base import Unsupported
from generation.backends.phantom import PromptReading, parse_prompt
from generation.backends.phantom.atlas import ATLAS
from generation.backends.phantom.defects import FAMILIES, split


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("An X-ray of the knee", ("KNEE", "AP", "")),
        ("an x-ray of the HAND", ("HAND", "PA", "")),
        ("An X-ray of the chest", ("CHEST", "PA", "")),
        ("An X-ray of the head", ("SKULL", "LATERAL", "")),
        ("skull", ("SKULL", "LATERAL", "")),
        ("frontal skull radiograph", ("SKULL", "AP", "")),
        ("lateral radiograph of the right knee", ("KNEE", "LATERAL", "R")),
        ("left hand, PA", ("HAND", "PA", "L")),
        ("AP pelvis", ("PELVIS", "AP", "")),
        ("chest PA", ("CHEST", "PA", "")),
        ("antero-posterior chest radiograph", ("CHEST", "AP", "")),
        ("left lateral chest x-ray", ("CHEST", "LATERAL", "L")),
        ("normal knee without fracture", ("KNEE", "AP", "")),
        ("knees of steel? no: the knee, side view", None),
        ("xray  of\nthe\tpelvis", ("PELVIS", "AP", "")),
        ("An X-ray of the shoulder", ("SHOULDER", "AP", "")),
        ("scapular Y of the right shoulder", ("SHOULDER", "LATERAL", "R")),
        ("elbow, lateral", ("ELBOW", "LATERAL", "")),
        ("An X-ray of the wrist", ("WRIST", "PA", "")),
        ("lateral radiograph of the left wrist", ("WRIST", "LATERAL", "L")),
        ("hand lateral", ("HAND", "LATERAL", "")),
        ("An X-ray of the ankle", ("ANKLE", "AP", "")),
        ("mortise view of the left ankle", ("ANKLE", "AP", "L")),
        ("dorsoplantar radiograph of the foot", ("FOOT", "AP", "")),
        ("right foot, lateral", ("FOOT", "LATERAL", "R")),
        ("An X-ray of the abdomen", ("ABDOMEN", "AP", "")),
        ("KUB", ("ABDOMEN", "AP", "")),
        ("AP radiograph of the lumbar spine", ("LSPINE", "AP", "")),
        ("cervical spine lateral", ("CSPINE", "LATERAL", "")),
        ("C-spine x-ray", ("CSPINE", "AP", "")),
        ("left lateral thoracic spine", ("TSPINE", "LATERAL", "L")),
        ("frontal radiograph of the lumbar vertebrae", ("LSPINE", "AP", "")),
        ("lumbosacral spine", ("LSPINE", "AP", "")),
        ("x-ray of the hip", ("HIP", "AP", "")),
        ("frog-leg lateral of the left hip", ("HIP", "LATERAL", "L")),
        ("right hip, frog leg", ("HIP", "LATERAL", "R")),
    ],
)
def test_a_prompt_is_read_in_dicom_terms(prompt, expected):
    if expected is None:
        with pytest.raises(Unsupported):
            parse_prompt(prompt)
        return
    reading = parse_prompt(prompt)
    assert (reading.region, reading.view, reading.laterality) == expected
    assert reading == PromptReading(*expected)


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("CT of the knee", "CT"),
        ("MRI of the knee", "MRI"),
        ("ultrasound of the pelvis", "ultrasound"),
        ("An X-ray of the toes", "toes"),
        ("a radiograph", "names no region"),
        ("", "names no region"),
        ("x-ray of chest and pelvis", "one region"),
        ("hand and wrist", "one region"),
        ("fractures of the hand", "fractures"),
        ("intracranial haemorrhage, head x-ray", "haemorrhage"),
        ("hemorrhage in the head", "hemorrhage"),
        ("knee with a tumour", "tumour"),
        ("chest x-ray with pneumonia", "pneumonia"),
        ("knee oblique", "oblique"),
        ("wrist AP", "AP"),
        ("skull PA", "PA"),
        ("AP and lateral knee", "one view"),
        ("left and right knee", "one side"),
        ("both knees", "one side"),
        ("both feet", "one side"),
        ("chest of a child", "no child's form of the chest"),
        ("knee of a newborn", "newborn"),
        ("knee, closed growth plates", "plates"),
        ("An X-ray of the spine", "which: cervical, thoracic or lumbar"),
        ("thoracolumbar spine", "which: cervical, thoracic or lumbar"),
        ("cervical and lumbar spine", "one region"),
        ("pelvis and hip", "one region"),
        ("open mouth view of the cervical spine", "open mouth"),
        ("axial hip", "axial"),
        ("frog-leg knee", "frog"),
        ("erect abdomen", "supine only"),
        ("abdomen lateral", "LATERAL view of the abdomen"),
        ("lumbar spine PA", "PA view of the lumbar spine"),
        ("AP hips", "one side"),
        ("x-ray of a dog's chest", "dog"),
    ],
)
def test_what_cannot_be_shown_is_unsupported_with_the_reason(prompt, reason):
    with pytest.raises(Unsupported, match=reason):
        parse_prompt(prompt)


@pytest.mark.parametrize(
    "prompt", ["knee of a child", "paediatric knee", "a child's knee", "knee, open growth plates"]
)
def test_a_child_is_read(prompt):
    assert parse_prompt(prompt) == PromptReading("KNEE", "AP", age_group="child")


def test_words_are_matched_whole():
    for prompt in ("handsome chester kneeling", "impact headache", "hectic skullduggery"):
        with pytest.raises(Unsupported, match="names no region"):
            parse_prompt(prompt)
    assert parse_prompt("knee in contact with the detector").region == "KNEE"


@pytest.mark.parametrize(
    ("prompt", "defects"),
    [
        ("AP knee, missing fibula", ("missing_fibula",)),
        ("hand with extra_finger", ("extra_finger",)),
        ("lateral knee, absent joint space", ("absent_joint_space",)),
        ("chest x-ray missing left clavicle", ("missing_left_clavicle",)),
        ("chest, missing rib 5", ("missing_rib_5",)),
        ("lateral chest, missing T6", ("missing_t6",)),
        ("pelvis with a closed obturator foramen", ("closed_obturator_foramen",)),
        ("hand with a foreign body", ("foreign_body",)),
        ("hand, foreign body ring", ("foreign_body_ring",)),
        ("knee, wrong marker mirrored", ("wrong_marker_mirrored",)),
        ("photo of film of a knee", ("photo_of_film",)),
    ],
)
def test_a_defect_named_in_the_prompt_is_read(prompt, defects):
    reading = parse_prompt(prompt)
    assert (reading.defects, reading.finding) == (defects, "")


@pytest.mark.parametrize(
    ("prompt", "finding"),
    [
        ("PA radiograph of the hand, fracture of the distal radius", "fracture_distal_radius"),
        ("hand x-ray with a distal radial fracture", "fracture_distal_radius"),
        ("fracture of the hand", "fracture"),
        ("closed fracture of the fifth metacarpal, hand", "fracture_metacarpal_5"),
        ("hand, broken index metacarpal shaft", "fracture_midshaft_metacarpal_2"),
        ("foot x-ray, 3rd metatarsal fracture", "fracture_metatarsal_3"),
        ("fractured fibula, AP knee", "fracture_fibula"),
        ("lateral left knee, broken distal femur", "fracture_distal_femur"),
        ("chest x-ray, left clavicle fracture", "fracture_left_clavicle"),
        ("AP pelvis with a fracture of the right femur", "fracture_right_femur"),
        ("lateral knee with a joint effusion", "joint_effusion"),
        ("lateral knee with an effusion", "joint_effusion"),
        ("chest x-ray with an effusion", "pleural_effusion"),
        ("chest x-ray with right-sided pleural effusion", "pleural_effusion_right"),
        ("chest with a nodule in the right upper lobe", "nodule_right_upper"),
        ("a pulmonary nodule of the left lung", "nodule_left"),
        ("lateral chest with a nodule", "nodule"),
        ("left pneumothorax, chest radiograph", "pneumothorax_left"),
        ("chest x-ray without pleural effusion or pneumothorax", ""),
        ("chest x-ray without evidence of pneumothorax", ""),
        ("knee free of any fracture", ""),
    ],
)
def test_a_finding_that_can_be_shown_is_read(prompt, finding):
    assert parse_prompt(prompt).finding == finding


@pytest.mark.parametrize(
    "prompt",
    [
        "fracture of the distal radius",  # of no region that is named
        "fracture of the pelvis",  # a femur would be another bone
        "fracture of the scaphoid, hand",
        "rib fracture, chest",
        "skull fracture",
        "femur shaft fracture, knee",
        "femoral neck fracture, pelvis",
        "tibial plateau fracture, knee",
        "comminuted fracture of the tibia, knee",
        "undisplaced fracture of the tibia, knee",
        "Colles' fracture, hand",
        "fracture of tibia and fibula, knee",
        "healed fracture of the fibula, knee",
        "suspected fracture of the fibula, knee",
        "rule out fracture, hand",
        "fracture and effusion of the lateral knee",
        "AP knee with effusion",
        "chest x-ray with pericardial effusion",
        "chest x-ray with bilateral pleural effusion",
        "tension pneumothorax, chest",
        "lateral chest with pneumothorax",
        "chest with nodules",
        "hand with a nodule",
        "inflammation of the hand",
        "knee missing everything",
        "hand with an extra smile",
    ],
)
def test_a_finding_or_defect_that_is_not_understood_is_unsupported(prompt):
    with pytest.raises(Unsupported):
        parse_prompt(prompt)


WORDS = ["x-ray", "knee", "left", "r", "AP", "lateral", "chest", "head", "CT", "no", "fracture"]
WORDS += ["effusion", "nodule", "upper lobe", "clavicle", "distal femur", "missing", "fibula"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_text_is_read_or_unsupported(text):
    try:
        reading = parse_prompt(text)
    except Unsupported:
        return
    assert (reading.region, reading.view) in ATLAS
    assert reading.laterality in {"", "L", "R"}
    for name in (*reading.defects, reading.finding):
        assert not name or split(name)[0] in FAMILIES
