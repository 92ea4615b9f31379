"""Nothing that could name a person survives, wherever it was written."""

import io
import json

import pytest
from pydicom import dcmread
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.uid import RLELossless

from radrate.images.decoding import Decoder
from radrate.images.decoding.allowed import CODES, EMPTIED, LUTS, NUMBERS, UIDS
from radrate.images.terms import words
from tests.factories.dicom import describe, save, write_dicom

PLANTED = words("""
    AccessionNumber AcquisitionComments AcquisitionDate AcquisitionTime AdmissionID
    AdditionalPatientHistory BranchOfService CassetteID ContentCreatorName ContentDate
    ContentTime CountryOfResidence CurrentPatientLocation DerivationDescription
    DeviceSerialNumber DetectorID EthnicGroup GantryID ImageComments InstitutionAddress
    InstitutionName InstitutionalDepartmentName InstanceCreationDate IssuerOfPatientID
    LUTExplanation Manufacturer ManufacturerModelName MedicalAlerts MedicalRecordLocator
    MilitaryRank NameOfPhysiciansReadingStudy Occupation OperatorsName OtherPatientIDs
    OtherPatientNames PatientAddress PatientBirthDate PatientBirthName PatientBirthTime
    PatientComments PatientID PatientInsurancePlanCodeSequence PatientMotherBirthName
    PatientName PatientReligiousPreference PatientSex PatientState PatientTelephoneNumbers
    PerformedProcedureStepDescription PerformedProcedureStepID PerformingPhysicianName PlateID
    ProtocolName ReasonForStudy ReferringPhysicianAddress ReferringPhysicianName
    RegionOfResidence RequestedProcedureDescription RequestingPhysician
    ScheduledProcedureStepDescription SecondaryCaptureDeviceID SeriesDate SeriesDescription
    ServiceEpisodeDescription SoftwareVersions SourcePatientGroupIdentificationSequence
    SpecialNeeds StationName StudyComments StudyDate StudyDescription StudyID StudyTime
    TextComments TextString TimezoneOffsetFromUTC WindowCenterWidthExplanation
""")
"""Attributes of PS3.15 Table E.1-1 and free text beside them."""

_TEXT = "Grabowska Zoe"
_DATE = "19391117"
_VALUES = {"DA": _DATE, "TM": "031729", "CS": "GRABOWSKA", "PN": "Grabowska^Zoe", "SQ": None}
TRACES = [b"grabowska", b"19391117", b"031729", b"1.2.826.999"]


@pytest.fixture
def identified(gradient) -> Dataset:
    """A radiograph with a person planted in every place that can hold one."""
    dataset = describe(gradient, bits_stored=12)
    dataset.Modality = "DX"
    for keyword in PLANTED:
        setattr(dataset, keyword, _planted(dictionary_VR(keyword)))
    for keyword, value in {
        "BodyPartExamined": "GRABOWSKA",
        "ViewPosition": "GRABOWSKA",
        "PatientOrientation": ["GRABOWSKA", "ZOE"],
        "ImageType": ["ORIGINAL", "PRIMARY", "GRABOWSKA"],
        "StudyInstanceUID": "1.2.826.999.1",
        "SeriesInstanceUID": "1.2.826.999.2",
        "SOPInstanceUID": "1.2.826.999.3",
        "FrameOfReferenceUID": "1.2.826.999.4",
    }.items():
        setattr(dataset, keyword, value)
    _plant_in_groups(dataset)
    dataset.VOILUTSequence = [_voi_lut()]
    dataset.PixelData += b"Grabowska Zoe "
    return dataset


def _planted(vr: str):
    if vr != "SQ":
        return _VALUES.get(vr, _TEXT)
    item = Dataset()
    item.PatientName = "Grabowska^Zoe"
    item.ReferencedImageSequence = [Dataset()]
    item.ReferencedImageSequence[0].ReferencedSOPInstanceUID = "1.2.826.999.5"
    return [item]


def _plant_in_groups(dataset: Dataset) -> None:
    """Private blocks, a curve, an overlay and padding at the end."""
    block = dataset.private_block(0x0029, "GRABOWSKA INC", create=True)
    block.add_new(0x01, "LO", _TEXT)
    block.add_new(0x02, "SQ", _planted("SQ"))
    dataset.add_new(0x50000020, "CS", "GRABOWSKA")
    dataset.add_new(0x60000010, "US", 8)
    dataset.add_new(0x60000022, "LO", _TEXT)
    dataset.add_new(0x60003000, "OB", b"Grabowska Zoe ")
    dataset.add_new(0xFFFCFFFC, "OB", b"Grabowska Zoe ")


def _voi_lut() -> Dataset:
    item = Dataset()
    item.LUTDescriptor = [4096, 0, 12]
    item.LUTData = list(range(4096))
    item["LUTData"].VR = "US"
    item.LUTExplanation = _TEXT
    item.PatientName = "Grabowska^Zoe"
    return item


@pytest.fixture
def path(tmp_path, identified):
    path = save(identified, tmp_path / "k.dcm")
    with path.open("r+b") as file:
        file.write(b"Grabowska Zoe")
    return path


def test_no_planted_identity_survives_anywhere(decode, path):
    decoded = decode(path)
    told = json.dumps(decoded.attributes).encode() + repr(decoded.warnings).encode()
    kept = (decoded.original + decoded.pixels_png + decoded.thumbnail + told).lower()
    assert len(PLANTED) >= 70
    assert all(trace in path.read_bytes().lower() for trace in TRACES)
    assert [trace for trace in TRACES if trace in kept] == []
    assert decoded.original[:132] == bytes(128) + b"DICM"


def test_only_allowed_attributes_are_in_the_archived_file(decode, path):
    archived = dcmread(io.BytesIO(decode(path).original))
    added = {
        *("SOPClassUID", "PatientIdentityRemoved", "DeidentificationMethod", "PixelData"),
        "LongitudinalTemporalInformationModified",
    }
    allowed = CODES.keys() | NUMBERS | set(LUTS) | set(UIDS) | EMPTIED | added
    assert {element.keyword for element in archived} <= allowed
    assert all(archived[keyword].is_empty for keyword in EMPTIED)
    assert archived.PatientIdentityRemoved == "YES"
    assert [element.keyword for element in archived.VOILUTSequence[0]] == [
        "LUTDescriptor",
        "LUTData",
    ]


def test_the_archived_file_shows_the_same_pixels(tmp_path, decode, identified):
    first = decode(save(identified, tmp_path / "k.dcm"))
    (tmp_path / "again.dcm").write_bytes(first.original)
    assert decode(tmp_path / "again.dcm").pixel_hash == first.pixel_hash


def test_compressed_pixels_are_archived_as_they_came(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, transfer_syntax=RLELossless)
    archived = dcmread(io.BytesIO(decode(path).original))
    assert archived.file_meta.TransferSyntaxUID == RLELossless
    assert archived.PixelData == dcmread(path).PixelData


def test_uids_are_mapped_alike_within_an_installation_and_not_beyond_it(tmp_path, gradient):
    study = {"StudyInstanceUID": "1.2.3.4"}
    paths = [
        write_dicom(tmp_path / f"{n}.dcm", pixels=gradient, SOPInstanceUID=f"1.2.3.{n}", **study)
        for n in (5, 6)
    ]
    files = []
    for salt in (b"here", b"there"):
        with Decoder(salt=salt) as decoder:
            files += [
                dcmread(io.BytesIO(decoder.decode(path, name="k").original)) for path in paths
            ]
    studies = [file.StudyInstanceUID for file in files]
    assert studies[0] == studies[1] != studies[2] == studies[3]
    assert len({file.SOPInstanceUID for file in files}) == 4
    assert all(uid.startswith("2.25.") and uid.is_valid for uid in studies)
    assert all(file.file_meta.MediaStorageSOPInstanceUID == file.SOPInstanceUID for file in files)


def test_a_body_part_in_other_words_is_kept_as_its_term(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, body_part="C SPINE", window=(5, 10))
    decoded = decode(path)
    assert (decoded.body_part_examined, decoded.warnings) == ("CSPINE", ())


def test_an_unknown_body_part_is_left_out_and_told(tmp_path, decode, gradient):
    path = write_dicom(tmp_path / "k.dcm", pixels=gradient, body_part="GRABOWSKA", window=(5, 10))
    decoded = decode(path)
    assert decoded.body_part_examined == ""
    assert decoded.warnings == ("Body Part Examined is not a DICOM term and was left out",)


def test_what_the_file_says_of_itself_is_told(tmp_path, decode, gradient):
    path = write_dicom(
        tmp_path / "k.dcm",
        pixels=gradient,
        window=(5, 10),
        BurnedInAnnotation="YES",
        PresentationIntentType="FOR PROCESSING",
        SOPClassUID="1.2.3.4",
    )
    assert decode(path).warnings == (
        "the SOP class is not a standard one and was replaced",
        "stored for processing, not for presentation: its greys are raw",
        "the file says that text is burnt into the image",
    )
