"""Archives of generated images, as a folder or a zip."""

import zipfile
from pathlib import Path

from generation.archive.manifest import Defaults
from generation.archive.queries import campaigns_of
from generation.archive.services import import_archive
from generation.models import Campaign
from radrate.images.models import Batch, Radiograph
from tests.factories.images import make_image
from tests.generation.campaigns import outputs_of


def made(folder: Path, *names: str) -> Path:
    """PNG files of different pixels in a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        make_image().save(path)
    return folder


def told(folder: Path, header: str, *lines: str) -> Path:
    (folder / "manifest.csv").write_text("\n".join([header, *lines]))
    return folder


def zipped(folder: Path) -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, str(file.relative_to(folder)))
    return path


def run(source: Path, *, prompt: str = "", model: str = "", licence: str = "", **options) -> Batch:
    values = {"actor": None, "title": "DALL-E 2", "source": source}
    return import_archive(**values | options, defaults=Defaults(prompt, model, licence))


def campaign_of(batch: Batch) -> Campaign:
    return campaigns_of(batch).get()


def ledger_of(campaign: Campaign) -> list[tuple[str, str, str]]:
    """Prompt, state and code or file of each output, in order."""
    return [
        (
            output.job.prompt,
            output.state,
            output.radiograph.source_name if output.radiograph else output.reason_code,
        )
        for output in outputs_of(campaign)
    ]


def rejected(batch: Batch) -> dict[str, str]:
    return dict(batch.rejections.values_list("name", "code"))


def image(name: str) -> Radiograph:
    return Radiograph.objects.get(source_name=name)
