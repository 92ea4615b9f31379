"""The terms on which readers take part, as their manager sets them."""

import pytest
from django.urls import reverse

from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError
from radrate.studies import lifecycle, terms
from tests.factories.studies import lock, make_open_study, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager):
    return make_study(manager=manager)


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def sent(study, **changes):
    """What the form posts when nothing is touched; a browser sends line breaks as CRLF."""
    text = terms.latest_consent(study).text if study.consent_texts.exists() else None
    text = text or terms.default_consent(study)
    return {
        "consent": text.replace("\n", "\r\n"),
        "analyses_leavers": "yes" if study.analyses_leavers else "no",
        "institution": study.institution,
        "debrief": study.debrief,
        **study.profile_fields,
    } | changes


def save(client, study, **changes):
    url = reverse("study_terms", args=[study.pk])
    answer = client.post(url, sent(study, **changes), follow=True)
    study.refresh_from_db()
    return answer.content.decode()


def test_the_default_text_tells_nothing_of_the_aim(study):
    text = terms.default_consent(study).lower()
    for word in ("real", "generat", "synthetic", "artificial", "fake", study.name.lower()):
        assert word not in text


def test_saving_untouched_makes_no_version(managing, study):
    assert "Saved." in save(managing, study)
    assert not study.consent_texts.exists()
    terms.publish_consent(actor=study.manager, study=study, text="One.\n\nTwo.")
    save(managing, study)
    assert study.consent_texts.count() == 1


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(managing, study):
    first = terms.current_consent(study)
    save(managing, study, consent="New words.")
    texts = list(study.consent_texts.values_list("version", "text"))
    assert texts == [(1, first.text), (2, "New words.")]
    assert terms.current_consent(study).version == 2
    event = Event.objects.get(verb="publish_consent")
    assert event.detail == {"version": 2, "text_hash": terms.text_hash("New words.")}


def test_readers_must_be_told_something(managing, study):
    save(managing, study, consent="  ")
    assert not study.consent_texts.exists()
    with pytest.raises(DomainError):
        terms.publish_consent(actor=study.manager, study=study, text=" ")


def test_what_is_asked_about_readers_is_chosen_field_by_field(managing, study):
    save(managing, study, years_of_experience="", specialty="asked", ai_familiarity="required")
    assert study.profile_fields == {
        "specialty": "asked",
        "region_of_expertise": "asked",
        "ai_familiarity": "required",
    }


def test_institution_and_debrief_are_kept(managing, study):
    save(managing, study, institution="Klinik für Radiologie\r\nBerlin", debrief="Thanks.")
    assert (study.institution, study.debrief) == ("Klinik für Radiologie\nBerlin", "Thanks.")
    for too_much in ("a\nb\nc\nd\ne\nf", "x" * 101):
        assert "At most five lines" in save(managing, study, institution=too_much)


def test_what_becomes_of_a_leavers_answers_is_decided_before_the_lock(managing, study):
    save(managing, study, analyses_leavers="no")
    assert study.analyses_leavers is False
    assert "kept out of the analysis" in terms.default_consent(study)
    study = lock(study)
    save(managing, study, analyses_leavers="yes")
    assert study.analyses_leavers is False
    with pytest.raises(Conflict, match="locked protocol"):
        terms.set_terms(
            actor=study.manager,
            study=study,
            profile_fields={},
            analyses_leavers=True,
            institution="",
            debrief="",
        )


def test_after_the_close_there_is_nothing_more_to_agree_to(manager):
    study = make_open_study(manager=manager)
    lifecycle.close(study=study, actor=manager)
    with pytest.raises(Conflict, match="after the close"):
        terms.publish_consent(actor=manager, study=study, text="Too late.")
