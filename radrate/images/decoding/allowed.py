"""The attributes of a DICOM file that are kept. What is not named here does not pass.

An allow-list over PS3.15 Annex E (Basic Application Confidentiality Profile): none of these is in
its Table E.1-1, except the UIDs, which are mapped. Nothing kept is free text: every value is a
number, a mapped UID, or a member of the closed set beside its keyword, so that a name typed into
the wrong field does not pass either.
"""

from radrate.images.terms import BODY_PARTS, words

_YES_NO = frozenset({"YES", "NO"})

CODES: dict[str, frozenset[str]] = {
    "Modality": frozenset({"CR", "DX", "RG", "MG", "IO", "PX"}),
    "BodyPartExamined": BODY_PARTS,
    "ViewPosition": words(
        "AP PA LL RL LLD RLD LLO RLO LATERAL OBLIQUE AXIAL "
        "CC ML LM MLO LMO ISO XCC XCCL XCCM FB SIO"
    ),
    "ImageLaterality": frozenset("RLUB"),
    "Laterality": frozenset("RL"),
    "PatientPosition": words("HFP HFS HFDR HFDL FFDR FFDL FFP FFS"),
    "PhotometricInterpretation": frozenset({"MONOCHROME1", "MONOCHROME2"}),
    "PresentationLUTShape": frozenset({"IDENTITY", "INVERSE"}),
    "PresentationIntentType": frozenset({"FOR PRESENTATION", "FOR PROCESSING"}),
    "PixelIntensityRelationship": frozenset({"LIN", "LOG", "DISP", "OTHER"}),
    "VOILUTFunction": frozenset({"LINEAR", "LINEAR_EXACT", "SIGMOID"}),
    "RescaleType": frozenset({"HU", "US", "OD", "MGML", "Z_EFF", "ED", "EDW", "PCT"}),
    "BurnedInAnnotation": _YES_NO,
    "LossyImageCompression": frozenset({"00", "01"}),
    "LossyImageCompressionMethod": frozenset(
        {"ISO_10918_1", "ISO_14495_1", "ISO_15444_1", "ISO_15444_15"}
    ),
    "ConversionType": words("DV DI DF WSD SD SI DRW SYN"),
    "DetectorType": frozenset({"DIRECT", "SCINTILLATOR", "STORAGE", "FILM"}),
    "Grid": words("FIXED RECIPROCATING PARALLEL CROSSED FOCUSED NONE IN_MOTION IN_PLACE"),
    "FieldOfViewShape": frozenset({"RECTANGLE", "ROUND", "HEXAGONAL"}),
    "CollimatorShape": frozenset({"RECTANGULAR", "CIRCULAR", "POLYGONAL"}),
    "FilterType": frozenset({"STRIP", "WEDGE", "BUTTERFLY", "MULTIPLE", "FLAT", "NONE"}),
    "AnodeTargetMaterial": frozenset({"TUNGSTEN", "MOLYBDENUM", "RHODIUM"}),
    "ImageType": frozenset({"ORIGINAL", "DERIVED", "PRIMARY", "SECONDARY"}),
    "PatientOrientation": frozenset("ALRPHF"),
}

NUMBERS: frozenset[str] = words("""
    Rows Columns SamplesPerPixel BitsAllocated BitsStored HighBit PixelRepresentation
    PixelIntensityRelationshipSign PixelPaddingValue SmallestImagePixelValue
    LargestImagePixelValue PixelAspectRatio
    RescaleIntercept RescaleSlope WindowCenter WindowWidth
    PixelSpacing ImagerPixelSpacing NominalScannedPixelSpacing
    EstimatedRadiographicMagnificationFactor LossyImageCompressionRatio
    KVP Exposure ExposureInuAs ExposureInmAs ExposureTime ExposureTimeInuS
    XRayTubeCurrent XRayTubeCurrentInuA RelativeXRayExposure Sensitivity
    ExposureIndex TargetExposureIndex DeviationIndex EntranceDoseInmGy
    DistanceSourceToDetector DistanceSourceToPatient FocalSpots
    FilterThicknessMinimum FilterThicknessMaximum BodyPartThickness CompressionForce
    DetectorElementPhysicalSize DetectorElementSpacing DetectorActiveDimensions
    FieldOfViewDimensions FieldOfViewOrigin FieldOfViewRotation
    GridPeriod GridFocalDistance GridAspectRatio
    PositionerPrimaryAngle PositionerSecondaryAngle
    CollimatorLeftVerticalEdge CollimatorRightVerticalEdge
    CollimatorUpperHorizontalEdge CollimatorLowerHorizontalEdge
    CenterOfCircularCollimator RadiusOfCircularCollimator VerticesOfThePolygonalCollimator
    """)

LUTS = ("ModalityLUTSequence", "VOILUTSequence")
"""Kept with their descriptor and data alone; without them the pixels could not be shown."""

UIDS = ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID")
"""Kept as new UIDs: the same old one gives the same new one."""

EMPTIED = words(
    """
    PatientName PatientID PatientBirthDate PatientSex StudyDate StudyTime StudyID AccessionNumber
    ReferringPhysicianName SeriesNumber InstanceNumber
    """
)
"""Type 2 attributes of every image: present, since a valid file must have them, and empty."""
