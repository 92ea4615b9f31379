"""What a reader's page is given: plain frozen values, nothing that knows where an image is from."""

from dataclasses import dataclass
from typing import Any

from radrate.studies.rubrics.questions import Question, Tag


@dataclass(frozen=True, slots=True)
class BlindedImage:
    label: str
    url: str


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
    reading: str
    reader_key: str
    phantom_notice: bool
    keeps_trail: bool
    save_url: str
    problem_url: str
    page_url: str
    previous_url: str | None
    next_url: str | None
    block_url: str
    ahead_url: str | None
    home_url: str
    preload: tuple[str, ...]
    feedback_url: str | None


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
