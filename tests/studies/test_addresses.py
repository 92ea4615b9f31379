"""Addresses from a pasted list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radrate.studies.invitations.addresses import entries

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
EMAILS = st.builds("{}@{}.example".format, NAMES, NAMES)
SEPARATORS = st.sampled_from(["\n", "; ", ", ", " ", "\r\n", " ;\n"])


def told(pasted):
    return [(entry.line, entry.text, bool(entry.problem)) for entry in entries(pasted)]


@given(st.lists(st.tuples(EMAILS, SEPARATORS), max_size=20))
def test_no_good_address_is_lost_whatever_parts_them(rows):
    found = entries("".join(email + separator for email, separator in rows))
    assert [entry.text for entry in found] == list(dict.fromkeys(email for email, _sep in rows))
    assert not any(entry.problem for entry in found)


@given(st.text(max_size=200))
def test_whatever_is_pasted_gives_addresses_or_problems(pasted):
    for entry in entries(pasted):
        assert entry.problem or "@" in entry.email
        assert 1 <= entry.line <= len(pasted.splitlines())


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("anna@example.org", [(1, "anna@example.org", False)]),
        (
            "Müller, Anna <anna@example.org>; B <b@example.org>",
            [
                (1, "anna@example.org", False),
                (1, "b@example.org", False),
            ],
        ),
        ("a@example.org\n\nfoo@\n", [(1, "a@example.org", False), (3, "foo@", True)]),
        ("Anna", [(1, "Anna", True)]),
        ("a@example.org A@Example.org", [(1, "a@example.org", False)]),
        ("a@example.org>\n", [(1, "a@example.org>", True)]),
        ("Anna <>", [(1, "", True)]),
        ("", []),
    ],
)
def test_lists_as_people_have_them(pasted, expected):
    assert told(pasted) == expected


def test_a_mail_that_is_too_long_is_told():
    (entry,) = entries("a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org")
    assert entry.problem
