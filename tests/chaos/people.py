"""The readers: their study before, and what has become of their answers after."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PACE = 0.1  # of the browser's waits: two seconds' patience instead of twenty
AHEAD = 3  # sheets on their way while the reader goes on
THINK_MS = 10


@dataclass
class Person:
    """One reader, what of theirs the browser said it kept, and how far they have come."""

    username: str
    cookie: str
    options: dict[str, Any]
    kept: dict[int, list[str]] = field(default_factory=dict)
    is_done: bool = False

    @property
    def place(self) -> int:
        return max(self.kept, default=0)


def enrol(readers: int, cases: int) -> list[Person]:
    """An open study, its readers logged in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.urls import reverse

    from radrate.reading.queries import reader_key
    from tests.factories.people import make_user
    from tests.factories.studies import make_open_study

    users = [make_user(username=f"reader{number}") for number in range(1, readers + 1)]
    manager = make_user(username="manager", is_manager=True)
    study = make_open_study(manager=manager, readers=tuple(users), n=cases, block_size=cases)
    people = []
    for reader in study.readers.select_related("user").order_by("slot"):
        session = SessionStore()
        session[SESSION_KEY] = str(reader.user_id)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = reader.user.get_session_auth_hash()
        session.save()
        tokens = reader.assignments.order_by("position").values_list("token", flat=True)
        options = {
            "readerKey": reader_key(reader.user_id),
            "reading": reader.token,
            "cases": [
                {
                    "token": token,
                    "save_url": reverse("reading_save", args=[token]),
                    "page_url": reverse("reading_case", args=[token]),
                }
                for token in tokens
            ],
            "criteria": criteria(study),
            "pace": PACE,
            "ahead": AHEAD,
            "think": THINK_MS,
        }
        people.append(Person(reader.user.username, session.session_key, options))
    return people


def criteria(study: Any) -> list[dict[str, Any]]:
    """Every field of the sheet with its possible values."""
    from radrate.reading import queries

    phase = study.phases.get()
    return [
        {
            "criterion": criterion.key,
            "image": image,
            "values": [1, 2]
            if criterion.kind == "side"
            else list(range(criterion.minimum, criterion.maximum + 1)),
        }
        for criterion in queries.criteria(phase)
        for image in (phase.labels if criterion.per_image else (None,))
    ]


def violations(people: list[Person], cases: int) -> list[str]:
    """What was lost, saved twice or changed on its way."""
    from radrate.reading.models import Rating

    found: list[str] = []
    ratings = Rating.objects.select_related("assignment__study_reader__user")
    by_reader: dict[str, dict[int, list[Rating]]] = {person.username: {} for person in people}
    for rating in ratings.prefetch_related("scores__criterion"):
        places = by_reader[rating.assignment.study_reader.user.username]
        places.setdefault(rating.assignment.position - 1, []).append(rating)
    for person in people:
        places = by_reader[person.username]
        for place in range(cases):
            saved = places.get(place, [])
            ids = {str(rating.id) for rating in saved}
            lost = set(person.kept.get(place, [])) - ids
            found += [f"lost: {person.username}, case {place + 1}, {one}" for one in lost]
            if len(saved) != 1:
                found.append(f"{len(saved)} sheets: {person.username}, case {place + 1}")
            found += [
                f"changed: {rating.id}"
                for rating in saved
                if not is_as_given(rating, person.options["criteria"])
            ]
    return found


def is_as_given(rating: Any, fields: list[dict[str, Any]]) -> bool:
    """A sheet follows from its id, see reader.mjs."""
    digits = UUID(str(rating.id)).hex
    scores = {(s.criterion.key, s.image or None): s.value for s in rating.scores.all()}
    expected = {
        (field["criterion"], field["image"]): field["values"][
            int(digits[place], 16) % len(field["values"])
        ]
        for place, field in enumerate(fields)
    }
    return bool(scores == expected and rating.comment == str(rating.id) and rating.revision == 1)
