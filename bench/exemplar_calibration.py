"""Scores of the exemplar backend over a folder of radiographs: what its thresholds rest on.

    python -m bench.exemplar_calibration FOLDER [--sheets DIR] [--only WORD ...] [--pathological]

FOLDER has a manifest.csv (filename, region, view, finding). For every film an ellipse is erased on
the joint or organ (12 %), on a shaft (8 %) and as a small spot (1 %), and each side is continued by
half of the film. Prints one line a
request (region, place, method, score, how many of n were made) and the counts. With --sheets the
results are drawn into DIR, for eyes to judge; keep that folder out of the repository.
"""

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from generation.backends.base import (
    Anatomy,
    GeneratedImage,
    GenerationRequest,
    Guide,
    Operation,
    Unsupported,
)
from generation.backends.exemplar import ExemplarBackend
from radrate.images.terms import normalise_body_part, normalise_view

SIDE, OUTPUTS = 1024, 4
THUMB = 300
JOINT = {  # centre of what is erased, as shares of width and height: the joint or the organ
    "PELVIS": (0.27, 0.60),
    "ANKLE": (0.5, 0.72),
    "CHEST": (0.3, 0.5),
    "SHOULDER": (0.45, 0.25),
    "KNEE": (0.5, 0.48),
    "WRIST": (0.5, 0.35),
    "HAND": (0.45, 0.75),
    "ELBOW": (0.5, 0.55),
    "FOOT": (0.5, 0.45),
}
SHAFT = {
    "ANKLE": (0.5, 0.25),
    "KNEE": (0.45, 0.85),
    "ELBOW": (0.5, 0.85),
    "SHOULDER": (0.5, 0.75),
    "WRIST": (0.5, 0.75),
}
HOLES = {"joint": (0.12, JOINT), "shaft": (0.08, SHAFT), "spot": (0.01, {})}  # share of the area
SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True)
class Film:
    name: str
    image: Image.Image
    anatomy: Anatomy


class Library:
    """A run context over the films of a folder; never offers the source itself."""

    def __init__(self, films: Sequence[Film], source: Film) -> None:
        self.films = [film for film in films if film is not source]

    def progress(self, fraction: float, note: str = "") -> None: ...

    def raise_if_cancelled(self) -> None: ...

    def guides(self, anatomy: Anatomy, most: int) -> list[Guide]:
        found = [
            Guide(film.name, film.image, film.anatomy)
            for film in self.films
            if film.anatomy.body_part_examined == anatomy.body_part_examined
            and anatomy.view_position in ("", film.anatomy.view_position)
        ]
        return found[:most]


def read_films(folder: Path) -> list[Film]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [_film(folder, row) for row in csv.DictReader(file)]


def _film(folder: Path, row: dict[str, str]) -> Film:
    image = Image.open(folder / row["filename"]).convert("L")
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    anatomy = Anatomy(
        body_part_examined=normalise_body_part(row["region"]),
        view_position=normalise_view(row["view"]),
        finding=row["finding"],
    )
    return Film(row["filename"], image, anatomy)


def erased(film: Film, place: str) -> Image.Image:
    """A mask with an ellipse of the film's proportions."""
    share, centres = HOLES[place]
    width, height = film.image.size
    x, y = centres.get(film.anatomy.body_part_examined, (0.5, 0.5))
    half = np.sqrt(share / np.pi) * np.array([width, height])
    box = [x * width - half[0], y * height - half[1], x * width + half[0], y * height + half[1]]
    mask = Image.new("L", film.image.size)
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask


def requests(film: Film, pathological: bool) -> Iterator[tuple[str, GenerationRequest]]:
    width, height = film.image.size
    common = {
        "request_id": film.name,
        "prompt": "",
        "n": OUTPUTS,
        "seeds": tuple(range(1, OUTPUTS + 1)),
        "image": film.image,
        "anatomy": film.anatomy,
        "params": {"pathological_guides": pathological},
    }
    for place, (_share, centres) in HOLES.items():
        if place == "shaft" and film.anatomy.body_part_examined not in centres:
            continue
        mask = erased(film, place)
        inpaint = GenerationRequest(
            operation=Operation.INPAINT, width=width, height=height, mask=mask, **common
        )
        yield place, inpaint
    for number, side in enumerate(SIDES):
        added = (height if side in ("top", "bottom") else width) // 2
        margins = tuple(added if place == number else 0 for place in range(4))
        yield (
            side,
            GenerationRequest(
                operation=Operation.OUTPAINT,
                width=width + margins[0] + margins[2],
                height=height + margins[1] + margins[3],
                margins=margins,
                **common,
            ),
        )


def run(request: GenerationRequest, films: Sequence[Film], film: Film) -> list[GeneratedImage]:
    try:
        backend = ExemplarBackend("exemplar", {})
        return list(backend.run(request, Library(films, film)).images)
    except Unsupported as error:
        return [
            GeneratedImage(index, unsupported=error.public_message) for index in range(request.n)
        ]


def told(images: Sequence[GeneratedImage]) -> str:
    ways = Counter(
        f"{image.metadata['method']} {image.metadata['score']:.2f}"
        f"{' repeated' if image.metadata.get('repeats') else ''}"
        for image in images
        if image.image
    )
    reasons = {image.unsupported for image in images if image.unsupported}
    return "; ".join([f"{count} x {way}" for way, count in ways.items()] + sorted(reasons))


def sheet(rows: Sequence[tuple[str, Film, list[GeneratedImage]]]) -> Image.Image:
    canvas = Image.new("L", ((OUTPUTS + 1) * (THUMB + 6), len(rows) * (THUMB + 20)))
    draw = ImageDraw.Draw(canvas)
    for row, (title, film, images) in enumerate(rows):
        draw.text((2, row * (THUMB + 20)), title[:200], fill=255)
        for column, picture in enumerate([film.image, *(image.image for image in images)]):
            if picture is not None:
                small = picture.copy()
                small.thumbnail((THUMB, THUMB))
                canvas.paste(small, (column * (THUMB + 6), row * (THUMB + 20) + 16))
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--only", nargs="*", default=())
    parser.add_argument("--places", nargs="*", default=(*HOLES, *SIDES))
    parser.add_argument("--pathological", action="store_true")
    options = parser.parse_args()
    films = read_films(options.folder)
    made: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for film in films:
        if options.only and not any(word in film.name for word in options.only):
            continue
        rows = []
        for place, request in requests(film, options.pathological):
            if place not in options.places:
                continue
            started = time.process_time()
            images = run(request, films, film)
            seconds = time.process_time() - started
            count = sum(image.image is not None for image in images)
            made[place] += count
            asked[place] += OUTPUTS
            line = f"{film.name:40} {place:7} {count}/{OUTPUTS} {seconds:5.1f} s  {told(images)}"
            print(line, flush=True)
            rows.append((line, film, images))
        if options.sheets:
            options.sheets.mkdir(parents=True, exist_ok=True)
            sheet(rows).save(options.sheets / f"{Path(film.name).stem}.png")
    for place, count in asked.items():
        print(f"{place}: {made[place]} of {count} ({made[place] / count:.0%})")


if __name__ == "__main__":
    main()
