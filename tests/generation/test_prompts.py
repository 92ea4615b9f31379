"""A prompt as a line of text and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.presets import list_presets
from generation.prompts import Prompt, format_line, parse, parse_lines
from radrate.errors import DomainError

LINE_BREAKS_AND_SIGNS = "|,=\n\r\x0b\x0c\x1c\x1d\x1e"
names = st.from_regex(r"[a-z]\w{0,8}", fullmatch=True, alphabet=st.characters(codec="ascii"))
words = st.text(st.characters(codec="ascii", exclude_characters=LINE_BREAKS_AND_SIGNS), min_size=1)
values = st.one_of(words.map(str.strip).filter(bool), st.integers(), st.booleans())


def test_a_line_has_words_and_parameters():
    assert parse("A knee | defect=missing_fibula, strength=0.5, twice=true, n=3") == Prompt(
        "A knee", {"defect": "missing_fibula", "strength": 0.5, "twice": True, "n": 3}
    )


def test_a_line_without_parameters_and_blank_lines():
    assert parse_lines("A knee\n\n  a hand \n") == [Prompt("A knee", {}), Prompt("a hand", {})]


@pytest.mark.parametrize("line", ["A knee | defect", "A knee | =x", "A knee | a b=x"])
def test_what_is_no_parameter_is_said(line):
    with pytest.raises(DomainError, match="is not a parameter"):
        parse(line)


def test_every_shipped_preset_survives_being_edited_as_text():
    for preset in list_presets():
        assert parse_lines("\n".join(map(format_line, preset.prompts))) == list(preset.prompts)


@given(
    words.map(str.strip).filter(bool),
    st.dictionaries(names, values),
)
def test_a_prompt_written_as_a_line_reads_back_the_same(text, params):
    prompt = Prompt(text, params)
    back = parse(format_line(prompt))
    assert back == prompt
    assert [type(value) for value in back.params.values()] == [type(v) for v in params.values()]
