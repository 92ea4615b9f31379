"""Make renditions, all of one length, and hand them out."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from radrate.blinding.models import Rendition, RenditionSet
from radrate.blinding.recipe import RECIPE, common_length, padded, render
from radrate.images.models import Radiograph


def new_set() -> RenditionSet:
    return RenditionSet.objects.create(recipe=dict(RECIPE))


def make_renditions(
    *, rendition_set: RenditionSet, radiographs: Iterable[Radiograph], proceed: Callable[[], None]
) -> None:
    """Render what the set still lacks. `proceed` is called before each and may raise to stop;
    a second call goes on where the first ended."""
    made = set(rendition_set.renditions.values_list("radiograph_id", flat=True))
    for radiograph in radiographs:
        if radiograph.pk in made:
            continue
        proceed()
        with radiograph.pixels.open("rb") as pixels:
            png = render(pixels.read(), rendition_set.recipe)
        name = f"renditions/{rendition_set.pk}/{radiograph.pk}.png"
        default_storage.delete(name)
        Rendition.objects.create(
            rendition_set=rendition_set,
            radiograph=radiograph,
            file=default_storage.save(name, ContentFile(png)),
        )


def equalise_lengths(*, rendition_set: RenditionSet) -> int:
    """Pad every file of the set to one length, in bytes, and return it. Done once."""
    if rendition_set.length is not None:
        return rendition_set.length
    renditions = list(rendition_set.renditions.all())
    unpadded = [rendition.file.name for rendition in renditions]
    length = common_length([default_storage.size(name) for name in unpadded])
    for rendition in renditions:
        with rendition.file.open("rb") as file:
            png = file.read()
        name = f"renditions/{rendition_set.pk}/{rendition.radiograph_id}.padded.png"
        default_storage.delete(name)
        rendition.file.name = default_storage.save(name, ContentFile(padded(png, length)))
    with transaction.atomic():
        Rendition.objects.bulk_update(renditions, ["file"])
        rendition_set.length = length
        rendition_set.save(update_fields=["length"])
    for name in unpadded:
        default_storage.delete(name)
    return length


def rendition_bytes(*, rendition_set_id: UUID, radiograph_id: UUID) -> bytes:
    """The PNG of one image of a set."""
    rendition = Rendition.objects.get(
        rendition_set_id=rendition_set_id, radiograph_id=radiograph_id
    )
    with rendition.file.open("rb") as file:
        return file.read()
