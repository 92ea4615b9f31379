"""The example client of a machine reader against a real server."""

import importlib.util
from pathlib import Path

import pytest

from radrate.reading.models import BlockSubmission, Rating
from radrate.studies import machines
from tests.factories.people import make_user
from tests.factories.studies import make_open_study

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "machine_reader.py"


@pytest.mark.django_db(transaction=True)
def test_the_example_reads_a_study_to_the_end(live_server):
    manager = make_user(username="manager", is_manager=True)
    study = make_open_study(manager=manager, n=4, block_size=3)
    machine, token = machines.add_machine(actor=manager, study=study, name="Example")
    spec = importlib.util.spec_from_file_location("machine_reader", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    example.read(live_server.url, token)
    ratings = Rating.objects.filter(assignment__study_reader=machine)
    assert ratings.count() == 4
    assert {rating.scores.count() for rating in ratings} == {14}
    assert BlockSubmission.objects.filter(study_reader=machine).count() == 2


def test_the_example_is_short():
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 50
