"""How long it takes until all jobs of a campaign are planned and wait in the queue.

    python -m bench.enqueue [JOBS]

Prints seconds, and the time of the rows as a multiple of inserting the same rows by psycopg alone.
"""

import sys
import time
from itertools import pairwise

from bench.scratch import scratch

PROMPTS = 100


def main(jobs: int) -> None:
    from generation import tasks
    from generation.planning import plan_campaign
    from generation.services import start_campaign

    prompts = [(f"An X-ray of the knee, {number}", {}) for number in range(PROMPTS)]
    marks = [time.perf_counter()]
    campaign = plan_campaign(
        actor=None,
        title="Knees",
        backend="phantom",
        prompts=prompts,
        n=jobs // PROMPTS,
        width=1024,
        height=1024,
        seed=1,
        images_per_job=1,
    )
    marks.append(time.perf_counter())
    start_campaign(actor=None, campaign=campaign)
    marks.append(time.perf_counter())
    tasks.dispatch(str(campaign.pk))
    marks.append(time.perf_counter())
    plan, start, publish = (after - before for before, after in pairwise(marks))
    raw = raw_inserts()
    assert tasks.messages_in("phantom") == campaign.jobs.count() == jobs
    print(f"{jobs} jobs")
    print(f"plan     {plan:6.2f} s   {plan / raw:.1f} × the same rows by psycopg ({raw:.2f} s)")
    print(f"start    {start:6.2f} s")
    print(f"publish  {publish:6.2f} s   {1000 * publish / jobs:.2f} ms a message")
    print(f"in all   {plan + start + publish:6.2f} s")


def raw_inserts() -> float:
    """Seconds for inserting the rows that are there into tables like theirs, indexes included."""
    from django.db import connection, transaction

    from generation.models import GenerationJob, Output

    seconds = 0.0
    for model in (GenerationJob, Output):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            names = [column.name for column in cursor.description]
            rows = cursor.fetchall()
            cursor.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
        values = ", ".join(["%s"] * len(names))
        start = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO raw_{table} ({', '.join(names)}) VALUES ({values})",  # noqa: S608
                rows,
            )
        seconds += time.perf_counter() - start
    return seconds


if __name__ == "__main__":
    with scratch():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
