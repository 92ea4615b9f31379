"""docs/backends.md against the options of the diffusers backend."""

import json
import re

import pytest

from generation.backends.diffusers.options import OVERRIDABLE, READERS, Options, read
from tests.docs.test_docs import first_cells_of, section

TEXT = section("docs/backends.md", "## diffusers")


def row(name: str) -> list[str]:
    (found,) = re.findall(rf"^\| `{name}` \|([^|]+)\|([^|]+)\|$", TEXT, re.MULTILINE)
    return [cell.strip() for cell in found]


def test_exactly_the_options_are_told() -> None:
    assert first_cells_of(TEXT) == READERS.keys()


@pytest.mark.parametrize("name", READERS)
def test_the_default_of_an_option_is_told(name: str) -> None:
    default = getattr(Options(), name.lower())
    told, _meaning = row(name)
    if default in ("", None):
        assert told not in ("", "`none`")
    else:
        assert told == f"`{default if isinstance(default, str) else json.dumps(default)}`"


def limits(name: str) -> str:
    """As the option itself tells them; empty if it is no number."""
    with pytest.raises(ValueError, match="must be") as caught:
        READERS[name](None)
    return str(caught.value).partition("number from ")[2]


NUMBERS = [name for name in READERS if limits(name)]


@pytest.mark.parametrize("name", NUMBERS)
def test_the_limits_of_a_number_are_told(name: str) -> None:
    assert re.search(rf"\b{limits(name)}\b", row(name)[1])


def test_the_numbers_are_found() -> None:
    assert {"STEPS", "GUIDANCE", "STRENGTH", "BATCH", "MAX_SIDE"} <= set(NUMBERS)


def test_the_parameters_of_a_request_are_told() -> None:
    sentence = TEXT.partition("may say ")[2].partition(", within")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == set(OVERRIDABLE)


def test_the_example_is_right() -> None:
    example = json.loads(re.findall(r"```json\n(.+?)```", TEXT, re.DOTALL)[0])
    (backend,) = example.values()
    assert backend["BACKEND"] == "generation.backends.diffusers.DiffusersBackend"
    assert read(backend["OPTIONS"])[1] == []
