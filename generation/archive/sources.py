"""What the manifest of an archive calls a source, found in the library."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from generation.archive.manifest import Entry
from radrate.images.models import Batch, Radiograph
from radrate.images.queries import visible_to


class Sources:
    """Looks each name up once, among the accepted radiographs that the batch's importer may see."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._known: dict[str, tuple[Radiograph | None, str]] = {"": (None, "")}

    def find(self, name: str) -> tuple[Radiograph | None, str]:
        """The radiograph, or in words why there is none."""
        if name not in self._known:
            self._known[name] = self._looked_up(name)
        return self._known[name]

    def all_of(self, entries: Iterable[Entry]) -> dict[str, Radiograph]:
        """Those that are found, by name."""
        found = {entry.source: self.find(entry.source)[0] for entry in entries}
        return {name: source for name, source in found.items() if source is not None}

    def _looked_up(self, name: str) -> tuple[Radiograph | None, str]:
        for fitting in self._fitting(name):
            found = list(fitting.only("pk", *_KEPT)[:2])
            if len(found) == 1:
                return found[0], ""
            if found:
                return None, _("several radiographs are called “%s”; name an identifier") % name
        return None, _("the source “%s” is no radiograph of the library") % name

    def _fitting(self, name: str) -> Iterable[QuerySet[Radiograph]]:
        """By identifier, by the name at its source, by the end of that name."""
        user = self._batch.created_by
        seen = Radiograph.objects.all() if user is None else visible_to(user)
        usable = seen.filter(state=Radiograph.State.ACCEPTED).exclude(batch=self._batch)
        try:
            yield usable.filter(pk=UUID(name))
        except ValueError:
            yield usable.filter(source_name=name)
            yield usable.filter(Q(source_name__endswith=f"/{name}"))


_KEPT = (
    "sha256",
    "licence",
    "attribution",
    "body_part_examined",
    "view_position",
    "image_laterality",
    "age_group",
    "columns",
    "rows",
)
