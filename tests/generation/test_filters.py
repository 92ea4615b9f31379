"""The study's own content filter."""

import pytest

from generation.filters import list_filters, load_filter
from radrate.errors import DomainError


def test_the_papers_word_is_refused_whole_and_in_any_case():
    words = load_filter("adams2023")
    assert ("bleeding", "violence") in words.met("Intracranial BLEEDING in the head")
    assert words.met("An X-ray of the knee") == []


def test_a_star_meets_every_ending_and_nothing_within_a_word():
    words = load_filter("adams2023")
    assert ("wound*", "violence") in words.met("gunshot wounds")
    assert words.met("unwounded") == []


def test_every_list_that_ships_has_words_and_says_what_it_is():
    for known in list_filters():
        assert known.title
        assert known.description
        assert known.words


def test_an_unknown_list_names_those_that_are_known():
    with pytest.raises(DomainError, match="adams2023"):
        load_filter("strict")
