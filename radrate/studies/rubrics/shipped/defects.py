"""The defects that marks can name: a short list for reading on time, the full one, and what only
an edited image can have. None of the first two tells how an image came to be."""

from django.utils.translation import gettext as _

from radrate.studies.rubrics.definition import Tag
from radrate.studies.rubrics.shipped.wording import tags


def common() -> tuple[Tag, ...]:
    """Twenty, so that a reader finds one at a glance."""
    return tags(
        {
            _("Bone"): {
                "bone_missing": _("Bone missing"),
                "bone_extra": _("Bone extra or doubled"),
                "bone_fused": _("Bones fused"),
                "bone_shape": _("Bone shape or proportion"),
                "bone_cortex": _("Cortex broken, fragment"),
            },
            _("Joint"): {
                "joint_space": _("Joint space lost or blurred"),
                "joint_alignment": _("Joint misaligned"),
            },
            _("Texture"): {
                "trabeculae": _("Trabeculae implausible"),
                "too_smooth": _("Too smooth or repeated"),
                "noise": _("Grain, halo or grid"),
            },
            _("Technique"): {
                "projection": _("Wrong view or rotation"),
                "clipped": _("Anatomy cut off"),
                "collimation": _("Collimation or centring"),
                "exposure": _("Exposure or penetration"),
            },
            _("Marker"): {"marker": _("Marker wrong or illegible")},
            _("Soft tissue"): {
                "soft_tissue": _("Soft-tissue outline"),
                "chest_organs": _("Lung, heart or diaphragm"),
            },
            _("Object"): {"object": _("Implausible object")},
            _("Whole image"): {
                "symmetry": _("Too symmetrical"),
                "seam": _("Seam, parts do not fit"),
            },
        }
    )


def full() -> tuple[Tag, ...]:
    return (*_skeleton(), *_picture(), *_content())


def _skeleton() -> tuple[Tag, ...]:
    return tags(
        {
            _("Bone"): {
                "bone_missing": _("Bone missing"),
                "bone_extra": _("Bone extra"),
                "bone_doubled": _("Bone doubled"),
                "bone_fused": _("Bones fused"),
                "bone_misplaced": _("Bone misplaced"),
                "bone_proportion": _("Wrong proportion"),
                "bone_cortex": _("Cortex broken"),
                "bone_fragment": _("Floating fragment"),
                "bone_age": _("Growth plate or age wrong"),
            },
            _("Joint"): {
                "joint_space_absent": _("Joint space absent"),
                "joint_space_blurred": _("Joint space blurred"),
                "joint_fused": _("Joint fused"),
                "joint_incongruent": _("Surfaces do not fit"),
                "joint_alignment": _("Impossible alignment"),
            },
            _("Texture"): {
                "trabeculae_random": _("Trabeculae random"),
                "trabeculae_smeared": _("Trabeculae smeared"),
                "too_smooth": _("Too smooth"),
                "patch_repeated": _("Patch repeated"),
                "grain_uniform": _("Grain too uniform"),
                "halo": _("Halo along an edge"),
                "grid": _("Grid or checker pattern"),
            },
        }
    )


def _picture() -> tuple[Tag, ...]:
    return tags(
        {
            _("Technique"): {
                "view_wrong": _("Wrong view"),
                "rotated": _("Rotated"),
                "clipped": _("Anatomy cut off"),
                "collimation": _("Collimation absent or impossible"),
                "off_centre": _("Off centre"),
                "exposure": _("Exposure or penetration wrong"),
                "film_look": _("Looks like a picture of a film"),
            },
            _("Marker"): {
                "marker_missing": _("Marker missing"),
                "marker_mirrored": _("Marker mirrored"),
                "marker_illegible": _("Marker or text illegible"),
                "marker_side": _("Marker on the wrong side"),
                "watermark": _("Watermark"),
            },
        }
    )


def _content() -> tuple[Tag, ...]:
    return tags(
        {
            _("Soft tissue"): {
                "outline_absent": _("Outline absent"),
                "air_fat": _("Air or fat wrong"),
                "vessels": _("Vessels implausible"),
                "heart_diaphragm": _("Heart or diaphragm border"),
                "situs": _("Organs on the wrong side"),
            },
            _("Object"): {
                "hardware": _("Hardware melted"),
                "line_ends": _("Line or tube ends nowhere"),
                "jewellery": _("Jewellery or clothing implausible"),
            },
            _("Pathology"): {
                "pathology_implausible": _("Finding implausible"),
                "pathology_clean": _("Finding too clean"),
                "pathology_site": _("Finding at the wrong site"),
                "pathology_unrequested": _("Finding nobody asked for"),
            },
            _("Whole image"): {
                "symmetry": _("Too symmetrical"),
                "chimera": _("Regions that do not belong together"),
                "style": _("Not in the manner of a radiograph"),
            },
        }
    )


def of_edits() -> tuple[Tag, ...]:
    """What goes wrong where a part was replaced, and where an image was continued."""
    return tags(
        {
            _("Replaced part"): {
                "edit_seam": _("Seam around it"),
                "edit_noise": _("Noise or sharpness differs"),
                "edit_residue": _("Residue of what was removed"),
                "edit_outside": _("Change outside of it"),
            },
            _("Continued image"): {
                "edit_boundary": _("Line at the old border"),
                "edit_scale": _("Scale or axis jumps"),
                "edit_repeated": _("Anatomy repeated"),
                "edit_length": _("Limb length wrong"),
            },
        }
    )
