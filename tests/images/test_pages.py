"""What managers see of the library and of imports, and what they can do there."""

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from radrate.images.incoming import import_uploads
from radrate.images.models import Batch, Exposure, Incoming, Radiograph, Rejection
from radrate.images.services import set_embargo
from radrate.images.views import PICTURES_A_PAGE, THUMBNAILS_A_PAGE
from tests.factories.images import make_batch, make_image, make_radiograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, manager):
    client.force_login(manager)
    return client


def png(name: str = "a.png") -> SimpleUploadedFile:
    stream = io.BytesIO()
    make_image().save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue())


def shown(response) -> set[str]:
    """Identifiers of the images whose thumbnails a page holds."""
    return set(re.findall(r'src="/radiographs/([0-9a-f-]{36})/thumbnail"', response.text))


def ids(*images: Radiograph) -> set[str]:
    return {str(image.pk) for image in images}


def library(browser, **query: str):
    return browser.get(reverse("image_library"), query)


def test_an_empty_library_says_what_to_do(browser):
    assert "Import radiographs" in library(browser).text
    assert "Import some" in browser.get(reverse("image_home_fragment")).text


def test_the_library_shows_all_but_excluded_and_embargoed_images(browser, manager):
    real, generated, waiting = (
        make_radiograph(),
        make_radiograph(origin="synthetic"),
        make_radiograph(state="pending_review"),
    )
    excluded, hidden = make_radiograph(state="excluded"), make_radiograph()
    set_embargo(user=manager, ids=[hidden.pk], held_by=uuid4())
    assert shown(library(browser)) == ids(real, generated, waiting)
    assert shown(library(browser, state="excluded")) == ids(excluded)
    assert shown(library(browser, origin="synthetic")) == ids(generated)


def test_the_library_is_narrowed_by_body_part_view_and_import(browser):
    knee = make_radiograph()
    hand = make_radiograph(body_part_examined="HAND", view_position="PA")
    untold = make_radiograph(body_part_examined="")
    assert shown(library(browser, body_part_examined="KNEE")) == ids(knee)
    assert shown(library(browser, view_position="PA")) == ids(hand)
    assert shown(library(browser, body_part_examined="unknown")) == ids(untold)
    assert shown(library(browser, batch=str(hand.batch_id))) == ids(hand)
    assert (
        "No image is like that"
        in library(browser, body_part_examined="KNEE", view_position="PA").text
    )


def test_a_filter_that_is_no_choice_is_no_filter(browser):
    image = make_radiograph()
    assert shown(library(browser, origin="martian", batch="x", page="x")) == ids(image)


def test_the_body_parts_of_hidden_images_are_no_choices(browser, manager):
    hidden = make_radiograph(body_part_examined="SKULL")
    make_radiograph()
    set_embargo(user=manager, ids=[hidden.pk], held_by=uuid4())
    assert "SKULL" not in library(browser).text


def test_the_library_costs_the_same_however_many_images(browser, django_assert_num_queries):
    for _image in range(3):
        make_radiograph()
    library(browser)
    with django_assert_num_queries(7):
        library(browser)
    for _image in range(THUMBNAILS_A_PAGE):
        make_radiograph()
    with django_assert_num_queries(7):
        first = library(browser)
    assert len(shown(first)) == THUMBNAILS_A_PAGE
    assert len(shown(library(browser, page="2"))) == 3


def test_a_page_alone_exposes_nobody(browser):
    make_radiograph()
    library(browser)
    assert not Exposure.objects.exists()


def test_the_home_page_tells_what_waits_and_runs(browser):
    make_radiograph()
    make_radiograph(state="pending_review")
    running = make_batch(title="Knees", state="running", requested=9, made=4)
    text = browser.get(reverse("image_home_fragment")).text
    assert reverse("image_batch", args=[running.pk]) in text
    assert "4 stored, 0 rejected, of 9" in text
    assert "<html" not in text


def upload(browser, **data):
    data = {"files": [png()], "title": "Knees"} | data
    return browser.post(reverse("image_import"), data)


def test_files_are_uploaded_imported_and_shown(browser, manager):
    response = upload(
        browser,
        files=[png("a.png"), png("b.png"), SimpleUploadedFile("c.png", b"")],
        manifest=SimpleUploadedFile("m.csv", b"filename,region,shelf\na.png,knee,3\n"),
    )
    batch = Batch.objects.get()
    assert response.url == reverse("image_batch", args=[batch.pk])
    assert (batch.title, batch.created_by, batch.reviewed) == ("Knees", manager, False)
    import_uploads(batch_id=batch.pk)
    page = browser.get(response.url)
    assert shown(page) == ids(*batch.radiographs.all())
    assert "the file is empty" in page.text
    assert "2 images wait" in page.text
    assert "not used: shelf" in page.text


def test_the_word_that_nothing_can_be_read_is_kept(browser):
    upload(browser, reviewed="on")
    batch = Batch.objects.get()
    import_uploads(batch_id=batch.pk)
    assert batch.radiographs.get().state == "accepted"


def test_an_import_without_a_name_is_called_by_its_time(browser):
    upload(browser, title="")
    assert Batch.objects.get().title.startswith("Upload of ")


def test_what_is_wrong_with_an_upload_stands_beside_its_field(browser, settings):
    response = upload(browser, files=[])
    assert response.status_code == 422
    assert response.context["form"].errors == {"files": ["Choose at least one file."]}
    response = upload(browser, manifest=SimpleUploadedFile("m.csv", b"region\nknee\n"))
    assert list(response.context["form"].errors) == ["manifest"]
    settings.MAX_UPLOAD_MB = 0
    response = upload(browser)
    assert list(response.context["form"].errors) == ["files"]
    assert not Batch.objects.exists()
    assert not Incoming.objects.exists()


def test_a_running_import_is_polled_until_it_ends(browser):
    batch = make_batch(state="running", requested=4, made=1)
    address = reverse("image_batch_progress", args=[batch.pk])
    page = browser.get(reverse("image_batch", args=[batch.pk]))
    assert f'hx-get="{address}"' in page.text
    fragment = browser.get(address)
    assert "1 of 4" in fragment.text
    assert "HX-Refresh" not in fragment.headers
    Batch.objects.update(state="finished")
    assert browser.get(address).headers["HX-Refresh"] == "true"
    assert "hx-get" not in browser.get(reverse("image_batch", args=[batch.pk])).text


def test_an_import_is_cancelled_and_resumed_by_buttons(browser):
    upload(browser)
    batch = Batch.objects.get()
    browser.post(reverse("image_batch_cancel", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "cancelled"
    resume = reverse("image_batch_resume", args=[batch.pk])
    assert resume in browser.get(reverse("image_batch", args=[batch.pk])).text
    browser.post(resume)
    batch.refresh_from_db()
    assert batch.state == "running"


def test_what_has_ended_cannot_be_cancelled(browser):
    batch = make_batch()
    response = browser.post(reverse("image_batch_cancel", args=[batch.pk]))
    assert response.status_code == 409
    assert "no longer running" in response.text


def test_the_page_of_an_import_costs_the_same_however_much_it_holds(
    browser, django_assert_num_queries
):
    batch = make_batch()
    address = reverse("image_batch", args=[batch.pk])
    make_radiograph(batch=batch)
    Rejection.objects.create(batch=batch, name="b.png", code="empty", message="empty")
    browser.get(address)
    with django_assert_num_queries(9):
        browser.get(address)
    for number in range(20):
        make_radiograph(batch=batch)
        Rejection.objects.create(batch=batch, name=f"{number}.png", code="empty", message="empty")
    with django_assert_num_queries(9):
        browser.get(address)


def review(browser, *images: Radiograph, action: str = "confirm", **data: str):
    selected = [str(image.pk) for image in images]
    data = {"selected": selected, "action": action} | data
    return browser.post(reverse("image_review"), data, follow=True)


def test_the_review_queue_shows_what_waits_oldest_first(browser, django_assert_num_queries):
    waiting = [make_radiograph(state="pending_review") for _image in range(PICTURES_A_PAGE + 1)]
    make_radiograph()
    browser.get(reverse("image_review"))
    with django_assert_num_queries(4):
        page = browser.get(reverse("image_review"))
    boxes = re.findall(r'name="selected"\s+value="([^"]+)"', page.text)
    assert boxes == [str(image.pk) for image in waiting[:-1]]
    assert "Page 1 of 2" in page.text


def test_selected_images_are_confirmed_with_what_was_completed(browser, manager):
    first, second, third = (
        make_radiograph(state="pending_review", view_position="") for _image in range(3)
    )
    page = review(
        browser,
        first,
        second,
        **{
            f"{first.pk}-body_part_examined": "HAND",
            f"{first.pk}-view_position": "PA",
            f"{first.pk}-image_laterality": "",
            f"{third.pk}-view_position": "PA",
        },
    )
    assert "2 images accepted." in page.text
    rows = Radiograph.objects.values_list("pk", "state", "body_part_examined", "view_position")
    assert set(rows) == {
        (first.pk, "accepted", "HAND", "PA"),
        (second.pk, "accepted", "KNEE", ""),
        (third.pk, "pending_review", "KNEE", ""),
    }


def test_selected_images_are_excluded_with_a_reason(browser):
    image = make_radiograph(state="pending_review")
    assert "Say why" in review(browser, image, action="exclude", reason="").text
    review(browser, image, action="exclude", reason="a name in the corner")
    image.refresh_from_db()
    assert (image.state, image.excluded_because) == ("excluded", "a name in the corner")


def test_nothing_is_reviewed_that_was_not_selected_or_does_not_wait(browser, manager):
    accepted, hidden = make_radiograph(), make_radiograph(state="pending_review")
    set_embargo(user=manager, ids=[hidden.pk], held_by=uuid4())
    assert "Select at least one image." in review(browser).text
    assert "Select at least one image." in review(browser, accepted, hidden).text
    response = browser.post(reverse("image_review"), {"selected": ["x"]}, follow=True)
    assert "Select at least one image." in response.text
    hidden.refresh_from_db()
    assert hidden.state == "pending_review"


def test_an_empty_queue_says_so(browser):
    assert "No image waits for review." in browser.get(reverse("image_review")).text


def test_a_page_of_an_image_tells_all_that_is_known(browser):
    image = make_radiograph(
        attributes={"BodyPartExamined": "KNEE", "KVP": 60},
        provenance={"operation": "import", "warnings": ["turned as its EXIF orientation says"]},
        licence="CC0 1.0",
        attribution="A. Author",
        pixel_spacing=[0.143, 0.143],
    )
    text = browser.get(reverse("image_detail", args=[image.pk])).text
    for word in (
        "Body Part Examined",
        "turned as its EXIF",
        "CC0 1.0",
        "A. Author",
        "0.143 × 0.143",
    ):
        assert word in text


def test_details_are_corrected_on_the_page_of_an_image(browser):
    image = make_radiograph(body_part_examined="KNIE")
    address = reverse("image_detail", args=[image.pk])
    assert '<option value="KNIE" selected>' in browser.get(address).text
    data = {
        "body_part_examined": "KNEE",
        "view_position": "LATERAL",
        "image_laterality": "L",
        "age_group": "adult",
        "finding": "normal",
    }
    page = browser.post(address, data, follow=True)
    assert Radiograph.objects.filter(pk=image.pk, **data).exists()
    assert "Body part examined: KNIE → KNEE" in page.text
    page = browser.post(address, data | {"view_position": "SIDEWAYS"})
    assert list(page.context["form"].errors) == ["view_position"]


def test_a_generated_image_has_no_form(browser):
    image = make_radiograph(origin="synthetic", provenance={"backend": "phantom", "seed": 7})
    page = browser.get(reverse("image_detail", args=[image.pk]))
    assert page.context["form"] is None
    assert "phantom" in page.text


def test_a_mask_in_the_provenance_is_not_spelled_out(browser):
    mask, prompt = "iVBORw0KGgo" * 300, "a knee, " * 40
    provenance = {"metadata": {"defect_mask": mask, "marker": "L"}, "prompt": prompt}
    image = make_radiograph(origin="synthetic", provenance=provenance)
    text = browser.get(reverse("image_detail", args=[image.pk])).text
    assert mask not in text
    assert f"{mask[:24]}…" in text
    assert prompt.strip() in text


def test_an_image_is_excluded_on_its_page(browser):
    image = make_radiograph()
    address = reverse("image_exclude", args=[image.pk])
    page = browser.post(address, {"reason": "collimated away"}, follow=True)
    image.refresh_from_db()
    assert (image.state, image.excluded_because) == ("excluded", "collimated away")
    assert address not in page.text
    assert image.reviewed_at <= timezone.now()
