"""Films for the end-to-end test: real ones where they are given, else phantoms as stand-ins."""

import csv
import os
from pathlib import Path

import numpy as np

from generation.backends.base import GenerationRequest, Operation
from generation.backends.phantom import PhantomBackend
from tests.factories.dicom import write_dicom

VIEWS = [
    ("CHEST", "PA", "PA radiograph of the chest"),
    ("CHEST", "LATERAL", "lateral radiograph of the chest"),
    ("HAND", "PA", "PA radiograph of the right hand"),
    ("KNEE", "AP", "AP radiograph of the right knee"),
    ("KNEE", "LATERAL", "lateral radiograph of the right knee"),
    ("PELVIS", "AP", "AP radiograph of the pelvis"),
    ("SKULL", "LATERAL", "lateral radiograph of the skull"),
]
COLUMNS = ("filename", "body_part_examined", "view_position", "finding", "licence", "subject")


class Silent:
    def progress(self, fraction: float, note: str = "") -> None:
        pass

    def raise_if_cancelled(self) -> None:
        pass


def films(folder: Path) -> tuple[list[Path], Path]:
    """(image files, one of them DICOM; their manifest). At least seven match the demo's views."""
    given = os.environ.get("RADRATE_TEST_IMAGES")
    return _real(Path(given)) if given else _drawn(folder)


def _real(folder: Path) -> tuple[list[Path], Path]:
    manifest = folder / "images" / "manifest.csv"
    wanted = {(part.lower(), view.lower()) for part, view, _ in VIEWS} | {("pelvis/hip", "ap")}
    with manifest.open(encoding="utf-8") as file:
        chosen = [
            folder / "images" / row["filename"]
            for row in csv.DictReader(file)
            if row["finding"].startswith("normal")
            and (row["region"].lower(), row["view"].lower()) in wanted
        ]
    return [*chosen, folder / "dicom" / "nema_RG1_J2KI.dcm"], manifest


def _drawn(folder: Path) -> tuple[list[Path], Path]:
    paths = []
    rows = []
    for number, (part, view, prompt) in enumerate(VIEWS):
        request = GenerationRequest(
            request_id="film",
            operation=Operation.TEXT_TO_IMAGE,
            prompt=prompt,
            n=1,
            width=512,
            height=512,
            seeds=(1000 + number,),
        )
        image = PhantomBackend("phantom", {}).run(request, Silent()).images[0].image
        path = folder / f"film{number}.jpg"
        if number == 0:
            path = folder / "film0.dcm"
            write_dicom(path, pixels=np.asarray(image), body_part=part, ViewPosition=view)
        else:
            image.save(path, quality=95)
        paths.append(path)
        rows.append((path.name, part, view, "normal", "CC0 1.0", f"person {number}"))
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return paths, manifest
