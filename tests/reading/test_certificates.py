"""Certificates: who gets one, what stands on it, what a code tells."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from radrate.errors import NotAllowed
from radrate.reading import certificates, entry, services
from radrate.reading.certificate_pdf import SIZE_IN, draw, halves, missing_signs, pdf
from radrate.reading.certificates import ALPHABET, grouped, new_code, normalised
from radrate.reading.forms import CertificateForm
from radrate.reading.models import Certificate
from radrate.studies import lifecycle
from tests.factories.studies import make_open_study, rate

LONG = "Prof. Dr. med. Dr. h. c. Maximiliane-Theodora von Hohenlohe-Schillingsfürst zu Öttingen"
EUROPEAN = [LONG, "Zoë Ångström", "Łukasz Żółć", "Ελένη", "Ольга", "A. $x_1$"]


@pytest.fixture
def enrolled(manager, reader):
    study = make_open_study(manager=manager, readers=(reader,), block_size=2, n=2)
    return study.readers.select_related("study").get()


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def read_all(enrolled):
    for assignment in enrolled.assignments.order_by("position"):
        rate(assignment)
    services.submit_block(reader=enrolled, number=1)


def url(name, enrolled):
    return reverse(name, args=[enrolled.token])


# Codes ---------------------------------------------------------------------------------------


@given(st.text(ALPHABET, min_size=16, max_size=16))
def test_a_code_is_recognised_however_it_is_typed(signs):
    code = grouped(signs)
    sloppy = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert normalised(sloppy) == normalised(code) == code


@given(st.text(max_size=40))
def test_what_cannot_be_a_code_is_none(typed):
    found = normalised(typed)
    assert found == "" or re.fullmatch(f"([{ALPHABET}]{{4}}-){{3}}[{ALPHABET}]{{4}}", found)


def test_codes_differ():
    assert len({new_code() for _code in range(500)}) == 500


# Issuing -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_certificate_counts_cases_minutes_and_days(enrolled):
    read_all(enrolled)
    certificate = certificates.issue(reader=enrolled, name="Anna Müller")
    today = timezone.localdate()
    assert (certificate.cases, certificate.first_on, certificate.last_on) == (2, today, today)
    assert certificate.minutes == round(2 * 12 / 60)


@pytest.mark.django_db
def test_none_is_issued_before_the_end(reading, enrolled, manager):
    rate(enrolled.assignments.get(position=1))
    with pytest.raises(NotAllowed, match="every case"):
        certificates.issue(reader=enrolled, name="Anna")
    assert reading.get(url("reading_certificate", enrolled)).url == url("reading_start", enrolled)
    assert reading.get(url("reading_certificate_pdf", enrolled)).status_code == 404
    lifecycle.close(study=enrolled.study, actor=manager)
    assert certificates.issue(reader=enrolled, name="Anna").cases == 1


@pytest.mark.django_db
def test_whoever_left_gets_none(enrolled, reader):
    read_all(enrolled)
    entry.leave(actor=reader, reader=enrolled)
    with pytest.raises(NotAllowed):
        certificates.issue(reader=enrolled, name="Anna")


@pytest.mark.django_db
def test_the_page_issues_it_and_a_changed_name_keeps_the_code(reading, enrolled):
    read_all(enrolled)
    done = reading.get(url("reading_done", enrolled)).content.decode()
    assert url("reading_certificate", enrolled) in done
    page = url("reading_certificate", enrolled)
    assert "Issue the certificate" in reading.get(page).content.decode()
    reading.post(page, {"name": "  Anna   Müller "})
    issued = Certificate.objects.get()
    assert issued.name == "Anna Müller"
    assert issued.code in reading.get(page).content.decode()
    reading.post(page, {"name": "Dr. Anna Müller"})
    again = Certificate.objects.get()
    assert (again.code, again.name) == (issued.code, "Dr. Anna Müller")
    answer = reading.get(url("reading_certificate_pdf", enrolled))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert issued.code in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "山田 太郎", "Anna 🙂"])
def test_a_name_that_cannot_be_printed_is_refused(name):
    assert "name" in CertificateForm({"name": name}).errors


@pytest.mark.parametrize(
    "name", [LONG, "Zoë Ångström", "Łukasz Żółć", "Ελένη", "Ольга", "A. $x_1$"]
)
def test_names_of_europe_are_taken(name):
    assert CertificateForm({"name": name}).is_valid()
    assert missing_signs(name) == ""


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=2, max_size=120))
def test_the_two_lines_of_a_long_name_hold_all_of_it(name):
    upper, lower = halves(name)
    assert "".join((upper + lower).split()) == "".join(name.split())


# The PDF -------------------------------------------------------------------------------------


def certificate_of(enrolled, name, institution=""):
    enrolled.study.institution = institution
    return Certificate(
        study_reader=enrolled,
        code="K7QX-0000-ABCD-1234",
        name=name,
        cases=12,
        minutes=34,
        first_on=date(2026, 11, 3),
        last_on=date(2026, 11, 25),
    )


def drawn(certificate):
    return draw(certificate, check_url="https://radrate.example.org/certificates/")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Anna Müller", "Ольга Żółć", "A. $x_1$"])
def test_the_document_says_who_read_how_much_and_when(enrolled, name):
    certificate = certificate_of(enrolled, name, "Klinik für Radiologie\nBerlin")
    assert [text.get_text() for text in drawn(certificate).texts] == [
        "Certificate of participation",
        name,
        "has taken part as a reader in a blinded reading of radiographs:",
        enrolled.study.neutral_title,
        "12 cases · 34 minutes of reading · Nov. 3, 2026 to Nov. 25, 2026",
        "Klinik für Radiologie",
        "Berlin",
        "Code: K7QX-0000-ABCD-1234",
        "Whether it is valid is told at https://radrate.example.org/certificates/",
    ]


@pytest.mark.django_db
def test_the_document_is_one_page_with_its_fonts_in_it(enrolled):
    made = pdf(certificate_of(enrolled, "Anna Müller"), check_url="https://x.example/")
    assert made.startswith(b"%PDF-")
    assert made.count(b"/Type /Page ") == 1
    assert b"DejaVuSans" in made
    assert b"/FontFile2" in made


@pytest.mark.django_db
@pytest.mark.parametrize("name", [LONG, "W" * 120, "Ольга Żółć", "x"])
def test_no_word_runs_over_the_edge_of_the_page(enrolled, name):
    figure = drawn(certificate_of(enrolled, name, "Institut " * 40))
    width = figure.dpi * SIZE_IN[0]
    for text in figure.texts:
        box = text.get_window_extent()
        assert 0.09 * width <= box.x0 <= box.x1 <= 0.91 * width, text.get_text()


# Checking ------------------------------------------------------------------------------------


@pytest.fixture
def issued(enrolled):
    read_all(enrolled)
    return certificates.issue(reader=enrolled, name="Anna Müller")


@pytest.mark.django_db
def test_anybody_learns_from_a_code_that_it_is_valid_and_nothing_of_the_person(client, issued):
    page = client.get(reverse("certificate_check"), {"code": issued.code.lower()})
    text = page.content.decode()
    assert "Valid: 2 cases were read." in text
    study = issued.study_reader.study
    for word in ("Anna", "Müller", "reader1", study.neutral_title, study.name, "minute"):
        assert word not in text
    assert page.context["validity"].issued_on == issued.issued_at.date()


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["K7QX-0000-ABCD-1234", "x", "\x00", "'; --", "9" * 5000])
def test_a_code_that_nobody_has_is_none(client, issued, code):
    text = client.get(reverse("certificate_check"), {"code": code}).content.decode()
    assert "No certificate has this code" in text


@pytest.mark.django_db
def test_whoever_tries_codes_is_stopped(client, settings):
    cache.clear()
    del settings.ACCOUNT_RATE_LIMITS
    page = reverse("certificate_check")
    codes = [client.get(page, {"code": str(n)}).status_code for n in range(31)]
    assert codes == [200] * 30 + [429]
    assert client.get(page).status_code == 200
    cache.clear()
