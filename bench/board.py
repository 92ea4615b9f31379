"""How long the board of a study takes whose readers have read everything.

    python -m bench.board [READERS [CASES]]

Prints the median over ten pages of the whole page and of its refresh, in ms, with their queries.
Every case has one image and the scales and the verdict of a single-image phase.
"""

import statistics
import sys
import time
import uuid
from datetime import timedelta

from bench.scratch import scratch

PAGES = 10


def main(readers: int, cases: int) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    call_command("collectstatic", verbosity=0, interactive=False)
    manager, study = read_study(readers, cases)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost")
    client.force_login(manager)
    url = reverse("study_board", args=[study.pk])
    print(f"{readers} readers × {cases} cases, all read")
    for name, headers in (("page", {}), ("refresh", {"HX-Request": "true"})):
        seconds = []
        for _ in range(PAGES):
            start = time.perf_counter()
            answer = client.get(url, headers=headers)
            seconds.append(time.perf_counter() - start)
            assert answer.status_code == 200
        with CaptureQueriesContext(connection) as queries:
            client.get(url, headers=headers)
        median = 1000 * statistics.median(seconds)
        size = len(answer.content) / 1024
        print(f"{name:8} {median:6.0f} ms   {len(queries)} queries   {size:.0f} KiB")


def read_study(readers: int, cases: int):
    """Rows alone: no image is made, as the board shows none."""
    from django.utils import timezone

    from radrate.accounts.models import User
    from radrate.reading.models import Rating, Score
    from radrate.studies.models import Assignment, Case, Phase, ReaderStudy, Rubric, StudyReader

    now = timezone.now()
    manager = User.objects.create_user("manager", is_manager=True)
    study = ReaderStudy.objects.create(
        number=1,
        name="Bench",
        state="open",
        task="which_real",
        manager=manager,
        matching_rules={},
        seed=1,
        protocol_hash="0" * 64,
        locked_at=now,
        opened_at=now - timedelta(days=30),
    )
    rubric = Rubric.objects.create(name="bench")
    criteria = [
        rubric.criteria.create(key=f"c{k}", position=k, kind="scale", question="?")
        for k in range(8)
    ]
    phase = Phase.objects.create(
        study=study, position=1, design="rating", images=1, rubric=rubric, allocation="crossed"
    )
    shown = Case.objects.bulk_create(
        Case(study=study, phase=phase, number=k + 1, body_part_examined="KNEE")
        for k in range(cases)
    )
    for number in range(readers):
        user = User.objects.create_user(f"reader{number}", f"r{number}@example.org")
        reader = StudyReader.objects.create(study=study, user=user, slot=number)
        assignments = Assignment.objects.bulk_create(
            Assignment(study_reader=reader, case=case, position=k + 1, block=1, layout="1")
            for k, case in enumerate(shown)
        )
        ratings = Rating.objects.bulk_create(
            Rating(
                id=uuid.uuid4(),
                assignment=assignment,
                revision=1,
                duration_ms=20_000 + 100 * k % 9_000,
                body_hash="",
                comment="odd" if k % 20 == 0 else "",
            )
            for k, assignment in enumerate(assignments)
        )
        Score.objects.bulk_create(
            Score(rating=rating, criterion=criterion, image="A", value=1 + (k + j) % 5)
            for k, rating in enumerate(ratings)
            for j, criterion in enumerate(criteria)
        )
    return manager, study


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    with scratch():
        main(*(given + [50, 500][len(given) :]))
