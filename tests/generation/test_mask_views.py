"""The pages on which radiographs are chosen for an edit, and masks are drawn and kept."""

import io
import json
import re
from html import unescape
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from generation import mask_forms
from generation.mask_views import SOURCES_A_PAGE
from generation.masking import LARGEST_FILE, make_mask
from generation.masks import blob, drawn
from generation.models import Mask
from generation.pictures import YELLOW
from generation.targets import parse_target
from radrate.images.models import Exposure, Origin, Radiograph
from radrate.images.services import set_embargo
from tests.factories.images import SIDE, contents, make_radiograph
from tests.generation.pages import text, url

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
HALF = {"shapes": [{"type": "rectangle", "box": [0, 0, 0.5, 1]}]}


def save(page, source, recipe=HALF, **data):
    return page.post(url("mask_editor", source.pk), {"recipe": json.dumps(recipe), **data})


def png(size=(SIDE, SIDE), covered=0.25) -> io.BytesIO:
    image = Image.new("L", size)
    image.paste(255, (0, 0, size[0], round(size[1] * covered)))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    stream.seek(0)
    stream.name = "mask.png"
    return stream


def pixels(mask: Mask) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(contents(mask.file))))


# The picker -------------------------------------------------------------------------------------


def test_the_picker_shows_what_can_be_edited_and_nothing_else(page, manager):
    shown = [make_radiograph(), make_radiograph(origin=Origin.SIMULATED)]
    hidden = make_radiograph()
    set_embargo(user=manager, ids=[hidden.pk], held_by=uuid4())
    make_radiograph(origin=Origin.SYNTHETIC)
    make_radiograph(state=Radiograph.State.PENDING_REVIEW)
    make_radiograph(state=Radiograph.State.EXCLUDED)
    body = page.get(url("source_picker")).content.decode()
    chosen = re.findall(r'hx-get="([^"]+)"\s+hx-target="#choosing-content"', body)
    assert chosen == [url("mask_editor", radiograph.pk) for radiograph in shown]


def test_the_picker_filters_by_body_part_and_view(page):
    make_radiograph()
    hip = make_radiograph(body_part_examined="HIP", view_position="LATERAL")
    make_radiograph(body_part_examined="HIP")
    query = {"body_part_examined": "HIP", "view_position": "LATERAL"}
    body = page.get(url("source_picker"), query).content.decode()
    assert body.count("thumb-button") == 1
    assert url("mask_editor", hip.pk) in body


def test_for_outpainting_a_radiograph_is_asked_for_its_margins(page):
    source = make_radiograph()
    body = page.get(url("source_picker"), {"operation": "outpaint"}).content.decode()
    assert url("source_margins", source.pk) in body
    assert url("mask_editor", source.pk) not in body


def test_the_picker_is_paged_and_keeps_its_filters(page):
    for _number in range(SOURCES_A_PAGE + 1):
        make_radiograph()
    query = {"operation": "outpaint", "body_part_examined": "KNEE"}
    first = page.get(url("source_picker"), query).content.decode()
    assert first.count("thumb-button") == SOURCES_A_PAGE
    (following,) = re.findall(r'hx-get="([^"]+page=2)"', first)
    second = page.get(unescape(following)).content.decode()
    assert second.count("thumb-button") == 1
    assert 'value="outpaint"' in second


def test_more_radiographs_cost_the_picker_no_more_queries(page):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page.get(url("source_picker"))
        return len(captured)

    make_radiograph()
    one = queries()
    for _number in range(5):
        make_radiograph()
    assert queries() == one


def test_an_empty_library_says_so(page):
    assert "no such accepted radiograph" in text(page.get(url("source_picker")))


# The editor -------------------------------------------------------------------------------------


def test_the_editor_is_a_page_or_a_part_of_the_dialog(page, manager):
    source = make_radiograph()
    whole = page.get(url("mask_editor", source.pk)).content.decode()
    part = page.get(url("mask_editor", source.pk), headers=HTMX).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for body in (whole, part):
        assert f'<canvas width="{SIDE}" height="{SIDE}"' in body
        assert 'data-region="knee joint"' in body
        assert not re.search(r'\sstyle="|\son\w+="|<script(?![^>]*src)', body)
    assert Exposure.objects.filter(user=manager, radiograph=source).exists()


def test_what_is_drawn_is_kept_and_shown_as_the_server_draws_it(page, manager):
    source = make_radiograph()
    answer = save(page, source, label="left half")
    mask = Mask.objects.get()
    assert answer.status_code == 200
    assert (mask.source, mask.label, mask.kind, mask.recipe) == (source, "left half", "drawn", HALF)
    assert mask.created_by == manager
    assert np.array_equal(pixels(mask), np.asarray(drawn(HALF, (SIDE, SIDE))))
    assert mask.area == 0.5
    body = answer.content.decode()
    assert "Saved as “left half”: 50.0 % of the image." in text(answer)
    (line,) = re.findall(r'data-saved-line="([^"]+)"', body)
    target = parse_target(line)
    assert (target.image, target.mask) == (source.pk, mask.pk)
    (picture, *_list) = re.findall(r'<img src="([^"]+)"', body)
    shown = Image.open(io.BytesIO(page.get(unescape(picture)).content))
    assert YELLOW in set(shown.convert("RGB").get_flattened_data())


def test_a_region_and_chance_are_kept_as_what_they_are(page):
    source = make_radiograph()
    save(page, source, {"region": "knee joint"})
    save(page, source, {"random": {"seed": 3, "area": 0.1}})
    kept = {mask.kind: (mask.label, mask.recipe) for mask in Mask.objects.all()}
    assert kept == {
        "region": ("knee joint", {"region": "knee joint"}),
        "random": ("by chance", {"random": {"seed": 3, "area": 0.1}}),
    }


def test_the_same_area_is_one_mask(page):
    source = make_radiograph()
    first, second = save(page, source, label="one"), save(page, source, label="two")
    assert Mask.objects.count() == 1
    assert "Saved as “one”" in text(first)
    assert "Saved as “one”" in text(second)


def test_masks_of_a_radiograph_can_be_chosen_again(page, manager):
    source, other = make_radiograph(), make_radiograph()
    mask = make_mask(actor=manager, source=source, recipe=HALF, label="half")
    make_mask(actor=manager, source=other, recipe=HALF, label="not here")
    answer = page.get(url("mask_editor", source.pk))
    assert "half · 50.0 %" in text(answer)
    assert "not here" not in text(answer)
    lines = re.findall(r'data-add-line="([^"]+)"', answer.content.decode())
    assert lines == [f"image {source.pk} | mask={mask.pk}"]
    (address,) = re.findall(r'href="([^"]+target=[^"]+)"', answer.content.decode())
    form = page.get(unescape(address)).content.decode()
    assert lines[0] in form
    assert '<option value="inpaint" selected>' in form


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("", "Draw at least one shape."),
        ("[", "cannot be read"),
        ("3", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ('{"shapes": [{"type": "rectangle", "box": [NaN, 0, 1, 1]}]}', "cannot be read"),
        ('{"shapes": [{"type": "rectangle", "box": [1e999, 0, 1, 1]}]}', "cannot be read"),
        ('{"shapes": [3]}', "cannot be read"),
        ('{"shapes": [{"type": "brush", "points": 5, "radius": 1}]}', "cannot be read"),
        ('{"shapes": []}', "Draw at least one shape."),
        ('{"region": ["a"]}', "There is no region"),
        ('{"random": {"seed": 1, "area": "x"}}', "a share from 0.005 to 0.6"),
        ('{"shapes": [{"type": "rectangle", "box": [0, 0, 1, 1]}]}', "a part of the image"),
    ],
)
def test_what_is_no_drawing_is_refused_at_its_place(page, recipe, words):
    answer = page.post(url("mask_editor", make_radiograph().pk), {"recipe": recipe})
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'role="alert"' in answer.content.decode()
    assert not Mask.objects.exists()


def test_a_drawing_of_more_than_a_mebibyte_is_refused(page):
    source = make_radiograph()
    empty = len(json.dumps(HALF | {"note": ""}))
    for length, status in ((2**20 + 1, 422), (2**20, 200)):
        answer = save(page, source, HALF | {"note": "x" * (length - empty)})
        assert answer.status_code == status
        assert Mask.objects.exists() == (status == 200)


def test_a_drawing_of_too_many_points_is_refused(page):
    stroke = {"type": "brush", "points": [[0.5, 0.5]] * 20_001, "radius": 0.01}
    answer = save(page, make_radiograph(), {"shapes": [stroke]})
    assert answer.status_code == 422
    assert "too many shapes or points" in text(answer)
    assert not Mask.objects.exists()


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
shapes = st.fixed_dictionaries(
    {"type": st.sampled_from(["rectangle", "ellipse", "polygon", "brush", "star"]) | values},
    optional=dict.fromkeys(("box", "points", "radius", "erase", "note"), values),
)
recipes = st.one_of(
    values,
    st.fixed_dictionaries({"shapes": st.lists(shapes | values, max_size=3)}),
    st.fixed_dictionaries({"shapes": st.just(HALF["shapes"]), "note": values}),
    st.fixed_dictionaries({"region": values}),
    st.fixed_dictionaries({"random": values}),
)


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(recipe=recipes)
def test_whatever_is_sent_is_kept_or_refused_in_words(page, recipe):
    source = Radiograph.objects.first() or make_radiograph()
    assert save(page, source, recipe).status_code in (200, 422)


# Upload and chance ------------------------------------------------------------------------------


def test_a_png_is_kept_as_a_mask(page):
    source = make_radiograph()
    answer = page.post(url("mask_editor", source.pk), {"png": png(), "label": "a quarter"})
    mask = Mask.objects.get()
    assert (mask.kind, mask.label, mask.area) == ("uploaded", "a quarter", 0.25)
    assert f"mask={mask.pk}" in answer.content.decode()


def test_files_that_are_no_mask_are_refused(page, monkeypatch):
    address = url("mask_editor", make_radiograph().pk)
    text_file = io.BytesIO(b"no image")
    text_file.name = "mask.png"
    cases = [
        ({}, "Choose a file."),
        ({"png": text_file}, "not a PNG image"),
        ({"png": png((SIDE, SIDE // 2))}, "has not the shape of the image"),
        ({"png": png(covered=1)}, "a part of the image"),
    ]
    for data, words in cases:
        answer = page.post(address, data)
        assert (answer.status_code, words in text(answer)) == (422, True), words
    monkeypatch.setattr(mask_forms, "LARGEST_FILE", 50)
    assert "at most 4 MiB" in text(page.post(address, {"png": png()}))
    assert LARGEST_FILE == 4 * 2**20
    assert not Mask.objects.exists()


def test_chance_gives_the_outline_of_what_it_would_keep(page):
    source = make_radiograph()
    answer = page.get(url("mask_by_chance", source.pk), {"seed": 5, "percent": 12.5})
    assert answer.json() == {
        "points": [list(point) for point in blob({"seed": 5, "area": 0.125}, (SIDE, SIDE))],
        "random": {"seed": 5, "area": 0.125},
    }


@pytest.mark.parametrize("query", [{"seed": -1, "percent": 10}, {"seed": 1, "percent": 90}, {}])
def test_chance_says_what_it_cannot_draw(page, query):
    answer = page.get(url("mask_by_chance", make_radiograph().pk), query)
    assert answer.status_code == 422
    assert answer.json()["problem"]


# Margins ----------------------------------------------------------------------------------------


def test_margins_give_a_line_and_its_preview(page, manager):
    source = make_radiograph()
    query = {"left": "", "top": "0.25", "right": "0", "bottom": "2"}
    body = page.get(url("source_margins", source.pk), query).content.decode()
    (line,) = re.findall(r'data-add-line="([^"]+)"', body)
    assert line == f"image {source.pk} | top=0.25, bottom=2.0"
    assert parse_target(line).margins == (0, 0.25, 0, 2)
    (picture,) = re.findall(r'<img src="([^"]+)"', body)
    assert page.get(unescape(picture))["Content-Type"] == "image/png"
    assert Exposure.objects.filter(user=manager, radiograph=source).exists()


@pytest.mark.parametrize(
    ("right", "words"), [("", "at least one number"), ("9", "Right: "), ("x", "Right: ")]
)
def test_margins_that_cannot_be_are_said(page, right, words):
    answer = page.get(url("source_margins", make_radiograph().pk), {"right": right})
    assert words in text(answer)
    assert "data-add-line" not in answer.content.decode()


# Who may ----------------------------------------------------------------------------------------


def addresses(source: Radiograph) -> list[str]:
    names = ("mask_editor", "mask_by_chance", "source_margins")
    return [url(name, source.pk) for name in names]


def test_only_managers_choose_and_draw(client, reader, outsider):
    source = make_radiograph()
    everything = [url("source_picker"), *addresses(source)]
    assert {client.get(address).status_code for address in everything} == {302}
    for person in (reader, outsider):
        client.force_login(person)
        assert {client.get(address).status_code for address in everything} == {403}
        assert save(client, source).status_code == 403
    assert not Mask.objects.exists()
    assert not Exposure.objects.exists()


def test_what_a_manager_reads_blind_or_cannot_edit_is_not_found(page, manager):
    blind, excluded = make_radiograph(), make_radiograph(state=Radiograph.State.EXCLUDED)
    made = make_radiograph(origin=Origin.SYNTHETIC)
    set_embargo(user=manager, ids=[blind.pk], held_by=uuid4())
    for source in (blind, excluded, made):
        assert {page.get(address).status_code for address in addresses(source)} == {404}
        assert save(page, source).status_code == 404
    assert not Mask.objects.exists()
    assert not Exposure.objects.exists()


def test_a_mask_is_not_kept_without_the_token_of_the_form(manager):
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    assert save(client, make_radiograph()).status_code == 403
    assert not Mask.objects.exists()


def test_an_image_that_can_be_edited_leads_to_the_editor(page):
    source, made = make_radiograph(), make_radiograph(origin=Origin.SYNTHETIC)
    link = "Draw a mask"
    assert link in text(page.get(url("image_detail", source.pk)))
    assert link not in text(page.get(url("image_detail", made.pk)))
