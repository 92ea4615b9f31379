"""The pages of rubrics: who sees what, and that nothing typed is lost."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from radrate.studies.rubrics import services
from radrate.studies.rubrics.draft import data_of
from radrate.studies.rubrics.interchange import to_json
from radrate.studies.rubrics.models import Rubric
from radrate.studies.rubrics.rows import definition_of
from tests.factories.people import make_user
from tests.factories.rubrics import make_definition
from tests.factories.studies import lock, make_study

pytestmark = pytest.mark.django_db

OF_ONE = ["rubric_detail", "rubric_edit", "rubric_export"]
POSTED = ["rubric_copy", "rubric_delete", "rubric_edit"]


@pytest.fixture
def rubric(manager):
    return services.create_rubric(actor=manager, definition=make_definition())


@pytest.fixture
def page(client, manager):
    client.force_login(manager)
    return client


def address(name, rubric):
    return reverse(name, args=[rubric.pk])


def sent(definition, action="save", **changes):
    """What a browser posts for this rubric."""
    data = data_of(definition)
    for name, value in {"action": action, **changes}.items():
        data[name] = value
    return dict(data.lists())


@pytest.mark.parametrize("name", ["rubric_list", "rubric_new", "rubric_import"])
def test_readers_and_strangers_see_no_page(client, reader, name):
    assert client.get(reverse(name)).status_code == 302
    client.force_login(reader)
    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", OF_ONE)
def test_an_own_rubric_is_nobody_elses(client, rubric, reader, name):
    assert client.get(address(name, rubric)).status_code == 302
    client.force_login(reader)
    assert client.get(address(name, rubric)).status_code == 403
    client.force_login(make_user(username="other", is_manager=True))
    assert client.get(address(name, rubric)).status_code == 404


@pytest.mark.parametrize("name", POSTED)
def test_nobody_else_writes_to_an_own_rubric(client, rubric, reader, name):
    body = sent(make_definition(title="Taken over"))
    assert client.post(address(name, rubric), body).status_code == 302
    client.force_login(reader)
    assert client.post(address(name, rubric), body).status_code == 403
    client.force_login(make_user(username="other", is_manager=True))
    assert client.post(address(name, rubric), body).status_code == 404
    assert [one.title for one in Rubric.objects.all()] == ["Knees"]


def test_a_shipped_rubric_is_read_and_copied_by_any_manager_and_edited_by_none(page):
    shipped = services.shipped_rubric("adams2023")
    shown = page.get(address("rubric_detail", shipped)).content.decode()
    assert "Copy" in shown
    assert address("rubric_edit", shipped) not in shown
    assert page.get(address("rubric_edit", shipped)).status_code == 404
    assert page.post(address("rubric_delete", shipped)).status_code == 404
    answer = page.post(address("rubric_copy", shipped))
    copy = Rubric.objects.get(owner__isnull=False)
    assert answer.url == address("rubric_edit", copy)
    assert copy.title == "Copy of Adams 2023"


def test_a_designs_own_questions_are_on_no_page(page):
    verdict = Rubric.objects.create(name="verdict-1", title="Hidden", is_verdict=True)
    assert page.get(address("rubric_detail", verdict)).status_code == 404
    assert "Hidden" not in page.get(reverse("rubric_list")).content.decode()


def test_the_list_shows_own_and_shipped_rubrics_and_where_they_are_used(page, manager, rubric):
    services.create_rubric(
        actor=make_user(username="other", is_manager=True),
        definition=make_definition(title="Not mine"),
    )
    study = make_study(manager=manager)
    study.phases.update(rubric=rubric)
    shown = page.get(reverse("rubric_list")).content.decode()
    for words in ("Knees", "Adams 2023", "Full quality", "Edit quality", study.name):
        assert words in shown
    assert "Not mine" not in shown


def test_the_list_takes_few_queries_however_many_rubrics(
    page, manager, django_assert_max_num_queries
):
    page.get(reverse("rubric_list"))
    for _ in range(5):
        services.create_rubric(actor=manager, definition=make_definition())
    with django_assert_max_num_queries(10):
        page.get(reverse("rubric_list"))


def test_what_is_typed_becomes_a_rubric(page):
    answer = page.post(reverse("rubric_new"), sent(make_definition()))
    made = Rubric.objects.get()
    assert answer.url == address("rubric_detail", made)
    assert definition_of(made) == make_definition()


def test_within_the_page_a_saved_form_leads_on_by_htmx(page):
    answer = page.post(
        reverse("rubric_new"), sent(make_definition()), headers={"HX-Request": "true"}
    )
    assert answer.headers["HX-Redirect"] == address("rubric_detail", Rubric.objects.get())


def test_a_bad_input_is_told_at_its_field_and_nothing_is_lost(page, rubric):
    body = sent(make_definition(title=""), **{"q2-options": "Yes", "q1-anchor_7": "beyond"})
    shown = page.post(address("rubric_edit", rubric), body).content.decode()
    assert "Give it a title." in shown
    assert "A choice has 2 to 10 options." in shown
    for words in ("Anatomy", "impossible", "beyond", "What?", "Bones fused"):
        assert words in shown
    assert 'aria-describedby="title-problem"' in shown
    assert 'aria-describedby="q2-options-problem"' in shown
    assert definition_of(Rubric.objects.get()) == make_definition()


@pytest.mark.parametrize("action", ["up:q2", "add:text", "remove:q1", "refresh", "", "nonsense:q9"])
def test_no_other_button_saves_anything(page, rubric, action):
    body = sent(make_definition(title="Half done"), action=action)
    shown = page.post(address("rubric_edit", rubric), body).content.decode()
    assert 'value="Half done"' in shown
    assert Rubric.objects.get().title == "Knees"


def test_within_the_page_only_the_form_is_sent_anew(page):
    body = sent(make_definition(), action="down:q1")
    whole = page.post(reverse("rubric_new"), body).content.decode()
    part = page.post(reverse("rubric_new"), body, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert part.lstrip().startswith("<form")
    assert part.index("Anything odd?") < part.index('value="Anatomy"')


def test_a_change_in_another_window_is_told_and_overwritten_only_when_said_again(
    page, manager, rubric
):
    seen = rubric.changed_at.isoformat()
    services.save_rubric(actor=manager, rubric=rubric, definition=make_definition(title="First"))
    body = sent(make_definition(title="Second"), seen=seen)
    shown = page.post(address("rubric_edit", rubric), body).content.decode()
    assert "another window" in shown
    assert 'value="Second"' in shown
    assert Rubric.objects.get().title == "First"
    later = Rubric.objects.get().changed_at.isoformat()
    assert later in shown
    page.post(address("rubric_edit", rubric), sent(make_definition(title="Second"), seen=later))
    assert Rubric.objects.get().title == "Second"


def test_a_locked_rubric_is_continued_as_a_new_version(page, manager, rubric):
    study = make_study(manager=manager)
    study.phases.update(rubric=rubric)
    study = lock(type(study).objects.get(pk=study.pk))
    asked = study.protocol["phases"][0]["rubric"]["criteria"]
    assert [row["key"] for row in asked] == ["anatomy", "odd", "what"]
    assert asked[2]["condition"] == {"criterion": "odd", "values": [2]}
    assert Rubric.objects.get(pk=rubric.pk).frozen
    shown = page.get(address("rubric_edit", rubric)).content.decode()
    assert "Save as a new version" in shown
    page.post(address("rubric_edit", rubric), sent(make_definition(title="Hips")))
    second = Rubric.objects.get(name=rubric.name, version=2)
    assert (second.title, second.frozen) == ("Hips", False)
    shown = page.get(address("rubric_detail", rubric)).content.decode()
    assert address("rubric_delete", rubric) not in shown
    page.post(address("rubric_delete", rubric))
    assert Rubric.objects.filter(pk=rubric.pk).exists()


def test_a_draft_is_deleted_by_its_owner(page, rubric):
    assert page.post(address("rubric_delete", rubric)).url == reverse("rubric_list")
    assert not Rubric.objects.filter(pk=rubric.pk).exists()


def test_the_preview_is_what_a_reader_would_be_given(page):
    shown = page.post(reverse("rubric_preview"), sent(make_definition())).json()
    assert [question["key"] for question in shown["rubric"]] == ["anatomy", "odd", "what"]
    assert shown["rubric"][1]["options"] == [
        {"value": 1, "label": "No"},
        {"value": 2, "label": "Yes"},
    ]
    assert shown["rubric"][2]["condition"] == {"criterion": "odd", "values": [2]}
    assert shown["tags"] == [{"key": "fused", "group": "Bone", "label": "Bones fused"}]
    unfinished = page.post(reverse("rubric_preview"), {"criteria": "q1", "q1-kind": "choice"})
    assert unfinished.json()["rubric"][0]["options"] == []
    assert not Rubric.objects.exists()


def upload(content):
    return {"file": SimpleUploadedFile("rubric.json", content, "application/json")}


def test_a_downloaded_rubric_comes_back_as_ones_own(page, manager):
    shipped = services.shipped_rubric("visual-turing-test")
    answer = page.get(address("rubric_export", shipped))
    assert 'filename="visual-turing-test-1.json"' in answer.headers["Content-Disposition"]
    page.post(reverse("rubric_import"), upload(answer.content))
    copy = Rubric.objects.get(owner=manager)
    assert definition_of(copy) == definition_of(shipped)


@pytest.mark.parametrize(
    ("content", "told"), [(b"{", "The file is not JSON."), (b"{}", "not a rubric of RadRate")]
)
def test_a_file_that_is_no_rubric_is_refused_at_its_field(page, content, told):
    assert told in page.post(reverse("rubric_import"), upload(content)).content.decode()
    assert not Rubric.objects.exists()


def test_a_file_with_faults_opens_in_the_editor_at_its_faults(page):
    body = json.loads(to_json(make_definition()))
    body["criteria"][0]["question"] = ""
    body["criteria"][2]["key"] = "odd"
    shown = page.post(reverse("rubric_import"), upload(json.dumps(body).encode())).content.decode()
    assert "Write the question." in shown
    assert "Two questions have this name." in shown
    assert f'action="{reverse("rubric_new")}"' in shown
    assert not Rubric.objects.exists()
