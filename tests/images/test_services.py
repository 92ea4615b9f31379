"""Review, correction and exclusion, with what is written down of them."""

import pytest

from radrate.audit.models import Event
from radrate.errors import DomainError
from radrate.images import services
from tests.factories.images import make_radiograph

pytestmark = pytest.mark.django_db


def audited() -> list[tuple[str, str, dict]]:
    return list(Event.objects.order_by("pk").values_list("verb", "target_id", "detail"))


def test_a_confirmed_image_is_accepted_in_the_name_of_who_looked(manager):
    waiting = make_radiograph(state="pending_review")
    accepted = make_radiograph()
    assert services.confirm_review(actor=manager, ids=[waiting.pk, accepted.pk]) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reviewed_by) == ("accepted", manager)
    assert waiting.reviewed_at is not None
    assert audited() == [("review", str(waiting.pk), {})]


def test_details_are_corrected_on_the_way(manager):
    waiting = make_radiograph(state="pending_review", view_position="")
    services.confirm_review(
        actor=manager, ids=[waiting.pk], details={waiting.pk: {"view_position": "PA"}}
    )
    waiting.refresh_from_db()
    assert (waiting.view_position, waiting.state) == ("PA", "accepted")
    assert [verb for verb, _target, _detail in audited()] == ["describe", "review"]


def test_a_correction_is_written_down_with_what_was_there(manager):
    image = make_radiograph(finding="")
    details = {"view_position": "PA", "finding": "fracture", "body_part_examined": "KNEE"}
    assert services.describe(actor=manager, radiograph=image, details=details)
    change = {"view_position": ["AP", "PA"], "finding": ["", "fracture"]}
    assert audited() == [("describe", str(image.pk), change)]


def test_a_correction_that_changes_nothing_is_not_written_down(manager):
    image = make_radiograph()
    assert not services.describe(actor=manager, radiograph=image, details={"view_position": "AP"})
    assert audited() == []


def test_what_a_campaign_said_of_its_image_stays(manager):
    image = make_radiograph(origin="synthetic")
    with pytest.raises(DomainError):
        services.describe(actor=manager, radiograph=image, details={"view_position": "PA"})


def test_nothing_but_the_details_can_be_corrected(manager):
    with pytest.raises(ValueError, match="subject_key"):
        services.describe(
            actor=manager, radiograph=make_radiograph(), details={"subject_key": "another"}
        )


def test_an_exclusion_keeps_its_reason(manager):
    image = make_radiograph(state="pending_review")
    assert services.exclude(actor=manager, ids=[image.pk], reason=" a name in the corner ") == 1
    image.refresh_from_db()
    assert (image.state, image.excluded_because) == ("excluded", "a name in the corner")
    assert audited() == [("exclude", str(image.pk), {"reason": "a name in the corner"})]


def test_an_exclusion_without_a_reason_is_refused(manager):
    image = make_radiograph()
    with pytest.raises(DomainError):
        services.exclude(actor=manager, ids=[image.pk], reason=" ")
    image.refresh_from_db()
    assert image.state == "accepted"
