"""Examples and catch trials on the page of a draft."""

import pytest
from django.urls import reverse

from radrate.studies.models import Case
from tests.factories.people import make_user
from tests.factories.studies import lock, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager):
    return make_study(manager=manager, n=4)


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def post(page, study, name, *arguments, **data) -> str:
    """Does it, follows to the study's page and returns its text."""
    answer = page.post(reverse(name, args=[study.pk, *arguments]), data, follow=True)
    assert answer.redirect_chain == [(reverse("study_detail", args=[study.pk]), 302)]
    return answer.content.decode()


def kinds(study) -> list[str]:
    return sorted(study.cases.values_list("kind", flat=True))


def test_a_case_becomes_an_example_is_explained_and_taken_back(page, study):
    text = post(page, study, "example_step", study.cases.first().pk, "use")
    assert kinds(study) == ["main"] * 3 + ["training"]
    case = study.cases.get(kind="training")
    assert f"Reference of example {case.number}" in text
    text = post(page, study, "example_step", case.pk, "explain", explanation="Look <here>.")
    assert "Look &lt;here&gt;." in text
    assert Case.objects.get(pk=case.pk).explanation == "Look <here>."
    text = post(page, study, "example_step", case.pk, "remove")
    assert kinds(study) == ["main"] * 4
    assert "Look &lt;here" not in text


def test_examples_are_chosen_and_catch_trials_asked_for(page, study):
    phase = study.phases.get()
    text = post(page, study, "examples_choose", phase.pk, each=1)
    assert "4 examples were chosen." in text
    assert kinds(study) == ["training"] * 4
    text = post(page, study, "catch_trials", phase.pk, catch_trials=3)
    assert study.phases.get().catch_trials == 3
    assert 'value="3"' in text


@pytest.mark.parametrize("wrong", ["0", "", "many", "21"])
def test_an_impossible_number_is_said_and_changes_nothing(page, study, wrong):
    text = post(page, study, "examples_choose", study.phases.get().pk, each=wrong)
    assert 'class="message error"' in text
    assert kinds(study) == ["main"] * 4


def test_an_unknown_step_is_refused(page, study):
    url = reverse("example_step", args=[study.pk, study.cases.first().pk, "publish"])
    assert page.post(url).status_code == 400


def test_a_case_of_another_study_is_not_found(page, study):
    other = make_study(manager=make_user(username="other", is_manager=True), n=1)
    url = reverse("example_step", args=[study.pk, other.cases.first().pk, "use"])
    assert page.post(url).status_code == 404
    url = reverse("catch_trials", args=[study.pk, other.phases.get().pk])
    assert page.post(url, {"catch_trials": 1}).status_code == 404


def test_after_the_lock_the_page_offers_nothing_of_it_and_refuses_it(page, study, manager):
    post(page, study, "example_step", study.cases.first().pk, "use")
    study = lock(study)
    assert study.state == "locked", study.problem
    text = page.get(reverse("study_detail", args=[study.pk])).content.decode()
    assert "Choose them" not in text
    assert "Make it an example" not in text
    text = post(page, study, "catch_trials", study.phases.get().pk, catch_trials=3)
    assert "cannot be done while the study is locked" in text
    assert study.phases.get().catch_trials == 0
