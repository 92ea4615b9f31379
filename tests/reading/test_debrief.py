"""After the close: whose images were read, told only then and never which."""

import pytest
from django.urls import reverse

from radrate.reading.credits import licences
from radrate.studies import lifecycle
from tests.factories.images import make_radiograph
from tests.factories.studies import candidate_of, make_open_study, reference_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(manager, reader):
    return make_open_study(manager=manager, readers=(reader,))


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def license_images(study):
    """Two references under one licence with two attributions, and an edit with its source."""
    first, second, third, _fourth = study.cases.all()
    for case, who in ((first, "Clinic A"), (second, "Clinic B")):
        reference = reference_of(case)
        reference.licence, reference.attribution = "CC BY 4.0", who
        reference.save()
    source = make_radiograph(body_part_examined="HIP", licence="CC0", attribution="Clinic C")
    edit = candidate_of(third)
    edit.source = source
    edit.save()


def url(study):
    return reverse("reading_debrief", args=[study.readers.get().token])


def test_nothing_is_told_before_the_close(reading, study, manager):
    license_images(study)
    start = reverse("reading_start", args=[study.readers.get().token])
    assert reading.get(url(study)).url == start
    assert url(study) not in reading.get(start).content.decode()
    lifecycle.pause(study=study, actor=manager)
    assert reading.get(url(study)).url == start


def test_after_the_close_every_licence_is_told_with_whom_to_name(reading, study, manager):
    license_images(study)
    study.debrief = "You compared films with drawings.\n\nThank you."
    study.save()
    lifecycle.close(study=study, actor=manager)
    page = reading.get(url(study)).content.decode()
    for words in ("CC BY 4.0", "Clinic A", "Clinic B", "CC0", "Clinic C", "No licence stated"):
        assert words in page
    assert "<p>You compared films with drawings.</p>" in page
    for case in study.cases.all():
        assert str(reference_of(case).pk) not in page
        assert str(candidate_of(case).pk) not in page
    start = reverse("reading_start", args=[study.readers.get().token])
    assert url(study) in reading.get(start).content.decode()


def test_every_image_of_the_study_is_counted_once_sources_too(study):
    license_images(study)
    told = licences(study)
    assert [(one.name, one.images) for one in told] == [("CC BY 4.0", 2), ("CC0", 1), ("", 6)]
    by, _zero, _none = told
    assert [(credit.attribution, credit.images) for credit in by.credits] == [
        ("Clinic A", 1),
        ("Clinic B", 1),
    ]
