"""What pages read: it does not grow with the data, and its arithmetic."""

import pytest
from django.urls import reverse

from generation import queries, runner
from generation.models import Campaign, GenerationJob
from tests.generation.campaigns import finished, plan, run_all, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def grown() -> Campaign:
    """A campaign of 10,000 outputs, the first few of them made."""
    campaign = running(*(f"knee {number}" for number in range(100)), n=100)
    first = campaign.jobs.filter(position=0)[:3]
    for job in first:
        runner.run(job.pk)
    return campaign


def queries_of(page, address: str, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(30) as captured:
        assert page.get(address).status_code == 200
    return len(captured)


def test_pages_ask_the_same_number_of_questions_however_much_there_is(
    page, django_assert_max_num_queries
):
    small = finished("a knee", n=2)
    few = [
        queries_of(page, address, django_assert_max_num_queries)
        for address in (reverse("campaign_list"), reverse("campaign_detail", args=[small.pk]))
    ]
    big = grown()
    finished("a hand", "a foot", n=3)
    many = [
        queries_of(page, address, django_assert_max_num_queries)
        for address in (reverse("campaign_list"), reverse("campaign_detail", args=[big.pk]))
    ]
    assert many == few
    assert max(few) <= 10  # that of the session among them


def test_ten_thousand_outputs_are_paged_by_prompt(page):
    big = grown()
    response = page.get(reverse("campaign_detail", args=[big.pk]))
    assert response.content.count(b'class="tile ') == 100
    assert b"Page 1 of 100" in response.content
    assert b"3 of 10,000" in response.content
    last = page.get(reverse("campaign_detail", args=[big.pk]) + "?page=100")
    assert b"knee 99" in last.content


def test_prompts_with_few_outputs_share_a_page():
    campaign = plan(*(f"knee {number}" for number in range(30)), n=4)
    shown = queries.prompts_page(campaign, 1, requested=120)
    assert [job.position for job in shown] == list(range(12))


def test_the_time_left_is_the_mean_time_of_what_was_made_shared_by_what_runs():
    counted = queries.Counts(requested=20, made=4, running=2, queued=10, seconds_each=3.0)
    assert (counted.seconds_left, counted.minutes_left, counted.ended) == (18, 0, 8)
    assert queries.Counts(requested=4, queued=4, seconds_each=3.0).seconds_left is None
    assert queries.Counts(requested=4, running=4).seconds_left is None
    assert queries.Counts(requested=4, made=4, seconds_each=3.0).seconds_left is None


def test_the_parts_of_the_bar_follow_each_other():
    counted = queries.Counts(requested=8, made=4, refused=2, failed=1, queued=1)
    parts = [(part.kind, part.start, part.width) for part in queries.segments(counted)]
    assert parts == [("made", 0, 50), ("refused", 50, 25), ("failed", 75, 12.5)]


def test_seconds_of_an_image_are_those_of_its_job_shared_by_its_images():
    campaign = running("a knee", n=4, images_per_job=4)
    run_all(campaign)
    GenerationJob.objects.filter(campaign=campaign).update(seconds=8.0)
    assert queries.count(campaign).seconds_each == 2.0
