"""Every reason for refusing a file and every remark about a kept one, worded for a manager."""

from django.utils.translation import gettext_lazy as _

from radrate.errors import DomainError

REASONS = {
    # the file itself
    "empty": _("the file is empty"),
    "vanished": _("the file is no longer there"),
    "unreadable": _("the file cannot be read (no permission or a disk error)"),
    "not_a_file": _("not a regular file (a folder, link, pipe or device)"),
    "file_too_large": _("the file is larger than %(limit_mb)d MB"),
    "unknown_format": _("not a PNG, JPEG or DICOM file"),
    "other_format": _("not a PNG, JPEG or DICOM file, but %(format)s"),
    # archives
    "outside_archive": _("its path leads out of the archive"),
    "encrypted": _("encrypted; unpack the archive with its password first"),
    "nested_zip": _("a zip within a zip; unpack it first"),
    "bad_zip": _("the zip archive is damaged"),
    "bad_member": _("the zip archive is damaged at this file"),
    "unpacks_too_large": _(
        "the archive unpacks to more than %(limit_gb)g GB; nothing more is read"
    ),
    "too_many_files": _("more than %(limit)d files; the rest is not read"),
    # pixels
    "truncated": _("the file is cut short: part of the image is missing"),
    "damaged": _("the image data is damaged and cannot be decoded"),
    "too_many_pixels": _(
        "%(columns)d × %(rows)d pixels; at most %(limit_mp)d megapixels are accepted"
    ),
    "too_small": _("%(columns)d × %(rows)d pixels; each side must have at least %(limit)d"),
    "animated": _("an animated PNG, not one image"),
    # DICOM
    "no_meta": _("a DICOM file without its header (file meta information)"),
    "no_transfer_syntax": _("the DICOM header does not name a transfer syntax"),
    "deflated": _("a deflated DICOM transfer syntax, refused since it can unpack without bound"),
    "transfer_syntax": _("DICOM transfer syntax %(uid)s is not supported"),
    "undecodable": _("cannot be decoded: the %(syntax)s data is damaged or of an unsupported kind"),
    "media_directory": _("a DICOM media directory (DICOMDIR), not an image"),
    "malformed": _("the DICOM data is malformed"),
    "nested_too_deeply": _("DICOM sequences are nested too deeply"),
    "no_pixel_data": _("the DICOM file holds no image (no pixel data)"),
    "no_modality": _("the DICOM file does not say its modality"),
    "modality": _("modality %(modality)s is not projection radiography"),
    "multi_frame": _("%(frames)d frames; only single images are accepted"),
    "colour": _("a colour DICOM image (%(photometric)s), not a radiograph"),
    "bit_depth": _("%(bits)d bits per pixel; 8 or 16 are supported"),
    "embedded_overlay": _("graphics are embedded in the pixel data and cannot be removed"),
    # limits
    "too_slow": _("decoding took too long and was stopped"),
    "too_much_memory": _("decoding needs more memory than one file may use"),
    "crashed": _("the decoder crashed on this file"),
}

MODALITIES = {
    "CT": _("computed tomography"),
    "MR": _("magnetic resonance"),
    "US": _("ultrasound"),
    "NM": _("nuclear medicine"),
    "PT": _("positron emission tomography"),
    "XA": _("angiography"),
    "RF": _("fluoroscopy"),
    "SR": _("structured report"),
    "RTDOSE": _("radiotherapy dose"),
    "RTIMAGE": _("radiotherapy image"),
    "XC": _("photograph"),
    "OT": _("other"),
}
"""The refused modalities that a hospital's folder is likely to hold."""

WARNINGS = {
    "turned": _("turned as its EXIF orientation says"),
    "reduced_to_8_bit": _("16-bit colour was reduced to 8 bit"),
    "transparency": _("transparent areas were filled with black"),
    "no_window": _("no window or VOI LUT: the full range of the pixels is shown"),
    "window_ignored": _(
        "the window or LUT could not be used: the full range of the pixels is shown"
    ),
    "for_processing": _("stored for processing, not for presentation: its greys are raw"),
    "burned_in": _("the file says that text is burnt into the image"),
    "body_part_dropped": _("Body Part Examined is not a DICOM term and was left out"),
    "sop_class_replaced": _("the SOP class is not a standard one and was replaced"),
}


class Rejected(DomainError):
    """A file is not taken. `code` is stable for programs; `message` is one line for a manager."""

    def __init__(self, code: str, message: str, *, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.name = name


def rejection(code: str, *, name: str, **values: object) -> Rejected:
    """The Rejected of a code in REASONS, its message translated now and filled with `values`."""
    modality = values.get("modality")
    if modality in MODALITIES:
        values["modality"] = f"{modality} ({MODALITIES[modality]})"
    return Rejected(code, str(REASONS[code]) % values, name=name)


def warning(code: str) -> str:
    return str(WARNINGS[code])
