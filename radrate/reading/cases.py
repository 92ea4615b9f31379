"""What a reader's page is given: plain frozen values, nothing that knows where an image is from."""

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class BlindedImage:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    question: str
    kind: str
    per_image: bool
    minimum: int
    maximum: int
    anchors: dict[str, str]
    not_applicable: bool
    required: bool
    options: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Tag:
    key: str
    group: str
    label: str


@dataclass(frozen=True, slots=True)
class BlindedCase:
    token: str
    number: int
    total: int
    title: str
    minutes_left: int | None
    images: tuple[BlindedImage, ...]
    rubric: tuple[Question, ...]
    tags: tuple[Tag, ...]
    answers: tuple[dict[str, Any], ...]
    marks: tuple[dict[str, Any], ...]
    comment: str
    revision: int
    reader_key: str
    phantom_notice: bool
    save_url: str
    problem_url: str
    page_url: str
    previous_url: str | None
    next_url: str | None
    block_url: str
    home_url: str
    preload: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    title: str
    state: str
    state_label: str
    done: int
    total: int
    minutes_left: int | None
    can_continue: bool
    ends_on: date | None
    url: str


@dataclass(frozen=True, slots=True)
class BlockCase:
    """`url` is None for a case that was withdrawn after it was answered."""

    number: int
    answered: bool
    url: str | None


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    number: int
    blocks: int
    cases: tuple[BlockCase, ...]
    all_answered: bool
    remaining: int
    continue_url: str | None
    submit_url: str


@dataclass(frozen=True, slots=True)
class ReadingStart:
    title: str
    instructions: tuple[str, ...]
    rubric: tuple[Question, ...]
    tags: tuple[Tag, ...]
    phantom_notice: bool
    total: int
    done: int
    minutes: int | None
    start_url: str
    ends_on: date | None
    home_url: str
