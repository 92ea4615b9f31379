"""Everything that a reader can fetch, searched for anything that names or hints at an origin."""

import json
import re
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.test import Client

from generation.models import Campaign, GenerationJob
from radrate.images.models import Batch, Radiograph
from radrate.studies import enrolment, lifecycle, machines
from radrate.studies.models import Assignment, ReaderStudy
from tests.factories.images import make_batch, make_radiograph
from tests.factories.people import make_user
from tests.factories.studies import (
    PARTS,
    full_answers,
    image_urls,
    lock,
    make_mark,
    make_point,
    rate,
)

pytestmark = pytest.mark.django_db

# planted in every field that could leak; none of these words is part of the reader's pages
CANARIES = {
    "study": "zqstudycanary",
    "campaign": "zqcampaigncanary",
    "prompt": "zqpromptcanary",
    "backend": "zqbackendcanary",
    "model": "zqmodelcanary",
    "file": "zqfilecanary",
    "licence": "zqlicencecanary",
    "attribution": "zqattributioncanary",
    "finding": "zqfindingcanary",
    "subject": "zqsubjectcanary",
    "manager": "zqmanagercanary",
}
WORDS = re.compile(
    r"synthetic|simulated|provenance|generator|dall|diffusion|candidate", re.IGNORECASE
)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {v for k, v in attrs if k in ("href", "src", "action", "hx-get") and v}


@pytest.fixture
def study(db) -> ReaderStudy:
    from radrate.studies import services

    manager = make_user(username=CANARIES["manager"], is_manager=True)
    reader = make_user(username="reader1")
    known = {
        "finding": CANARIES["finding"],
        "licence": CANARIES["licence"],
        "attribution": CANARIES["attribution"],
    }
    films = make_batch(title=CANARIES["campaign"])
    for number, part in enumerate(PARTS):
        make_radiograph(
            batch=films,
            body_part_examined=part,
            source_name=f"{CANARIES['file']}{number}.dcm",
            subject_key=f"{CANARIES['subject']}{number}",
            media_type="application/dicom",
            **known,
        )
    batch = make_batch(kind=Batch.Kind.CAMPAIGN, title=CANARIES["campaign"], made=8)
    for number, part in enumerate(PARTS):
        make_radiograph(
            origin="synthetic",
            batch=batch,
            body_part_examined=part,
            source_name=f"{CANARIES['file']}-job-{number}",
            provenance={"model": CANARIES["model"], "prompt": CANARIES["prompt"]},
            **known,
        )
    campaign = Campaign.objects.create(
        title=CANARIES["campaign"],
        backend=CANARIES["backend"],
        width=64,
        height=64,
        seed=1,
        batch=batch,
    )
    GenerationJob.objects.create(
        campaign=campaign,
        position=0,
        prompt=CANARIES["prompt"],
        n=1,
        asked=1,
        width=64,
        height=64,
    )
    study = services.create_study(
        actor=manager,
        name=CANARIES["study"],
        task="which_real",
        batches=[batch],
        seed=3,
        block_size=4,
    )
    enrolment.add_reader(actor=manager, study=study, user=reader)
    return lifecycle.open_study(study=lock(study), actor=manager)


def crawl(client: Client, start: str) -> Iterator[tuple[str, str, dict[str, str], bytes]]:
    """(url, accept, headers, body) of every page and fragment that can be reached from `start`."""
    waiting, seen = [start], set()
    while waiting:
        url = waiting.pop().split("#")[0]
        if url in seen or not url.startswith("/") or url.startswith("/static/"):
            continue
        seen.add(url)
        for accept in ("text/html", "application/json"):
            answer = client.get(url, headers={"Accept": accept}, follow=True)
            body = answer.content if not answer.streaming else b"".join(answer.streaming_content)
            yield url, accept, dict(answer.headers), body
            if answer["Content-Type"].startswith("text/html"):
                links = Links()
                links.feed(body.decode())
                waiting += sorted(links.found)
            waiting += re.findall(r"\"(/(?:reading|i)/[^\"]+)\"", body.decode(errors="replace"))


def secrets(study: ReaderStudy) -> set[str]:
    """Identifiers from which an origin could be looked up or guessed."""
    found = set(CANARIES.values()) | {str(study.pk), study.protocol_hash, str(study.seed)}
    for radiograph in Radiograph.objects.all():
        found |= {str(radiograph.pk), radiograph.pk.hex, radiograph.pixel_hash, radiograph.sha256}
        found |= {radiograph.pixels.name, radiograph.original.name}
    return {text for text in found if len(text) > 3}


def reader_client() -> Client:
    client = Client()
    client.login(username="reader1", password="correct horse battery")
    return client


def test_nothing_that_a_reader_can_fetch_names_an_origin(study):
    client = reader_client()
    forbidden = secrets(study)
    reader = study.readers.get()
    fetched = []
    for position in (0, 1, 2):
        if position:
            marks = [make_mark(), make_point(image="B", tag="seam")]
            rate(Assignment.objects.get(study_reader=reader, position=position), marks=marks)
        fetched += list(crawl(client, "/reading/"))
        fetched += list(crawl(client, "/"))
    urls = {url for url, *_ in fetched}
    assert any("/reading/case/" in url for url in urls)
    assert sum(url.startswith("/i/") for url in urls) >= 6
    assert any(b'"tag": "seam", "severity"' in body for *_, body in fetched)
    for url, accept, headers, body in fetched:
        text = (url + repr(headers)).encode() + body
        for secret in forbidden:
            assert secret.encode() not in text, (url, accept, secret)
        if not url.startswith("/i/"):
            assert not WORDS.search(text.decode()), (url, accept, WORDS.search(text.decode()))


def test_every_image_comes_with_the_same_headers_and_the_same_length(study):
    client = reader_client()
    urls = [url for one in Assignment.objects.all() for url in image_urls(one)]
    answers = [client.get(url) for url in urls]
    assert len(answers) == 16
    assert {answer.status_code for answer in answers} == {200}
    assert len({repr(sorted(answer.headers.items())) for answer in answers}) == 1
    assert len({len(answer.content) for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 16
    for answer in answers:
        assert not {"ETag", "Last-Modified", "Content-Disposition"} & set(answer.headers)
        assert answer["Cache-Control"] == "no-store"
        chunks = re.findall(
            rb"IHDR|IDAT|IEND|paDd|tEXt|iTXt|zTXt|tIME|pHYs|iCCP|eXIf", answer.content
        )
        assert chunks[0] == b"IHDR"
        assert chunks[-1] == b"IEND"
        assert set(chunks) <= {b"IHDR", b"IDAT", b"paDd", b"IEND"}


def test_swapping_the_labels_changes_nothing_but_tokens(study):
    """The page of a case is the same text on whichever side the reference stands."""
    client = reader_client()
    first = Assignment.objects.get(position=1)
    other = first.layout[::-1]

    def page() -> str:
        html = client.get(f"/reading/case/{first.token}/").content.decode()
        return re.sub(r"csrf[^>]*>", "", html)

    before = page()
    Assignment.objects.filter(pk=first.pk).update(layout=other)
    assert page() == before


def test_tokens_of_another_reader_and_wrong_ones_answer_alike(study):
    make_user(username="stranger")
    stranger = Client()
    stranger.login(username="stranger", password="correct horse battery")
    url = image_urls(Assignment.objects.first())[0]
    answers = [
        stranger.get(url),
        stranger.get("/i/" + "x" * 43 + "/A"),
        Client().get(url),
    ]
    assert {(a.status_code, a.content, repr(sorted(a.headers.items()))) for a in answers} == {
        (404, b"", repr(sorted(answers[0].headers.items())))
    }


def test_nothing_that_a_machine_can_fetch_names_an_origin(study):
    """The API of machine readers, answered to the end; an answer sheet holds no canary."""
    machine, token = machines.add_machine(actor=study.manager, study=study, name="net")
    client = Client(headers={"Authorization": f"Token {token}"})
    forbidden = secrets(study) - {CANARIES["manager"]}
    fetched = []

    def ask(method: str, url: str, sent: object = None) -> HttpResponse:
        answer = client.generic(method, url, json.dumps(sent), content_type="application/json")
        fetched.append((url, dict(answer.headers), answer.content))
        return answer

    next_url = ask("GET", "/api/v1/reading/").json()[0]["next_url"]
    while (todo := ask("GET", next_url).json())["step"] != "done":
        if todo["step"] == "submit_block":
            ask("POST", todo["block"]["submit_url"])
            continue
        case = todo["case"]
        for image in case["images"]:
            assert ask("GET", image["url"]).status_code == 200
        assert ask("POST", case["answers_url"], {"damaged": True}).status_code == 422
        assignment = Assignment.objects.get(token=case["token"])
        sheet = {"id": str(uuid.uuid4()), "revision": 0, "comment": "", "duration_ms": 9}
        sheet |= {"answers": [one.as_dict() for one in full_answers(assignment)]}
        sheet |= {"marks": [make_point(tag="seam").as_dict()]}
        assert ask("POST", case["answers_url"], sheet).status_code == 201
        assert ask("POST", case["answers_url"], sheet).status_code == 200
    assert machine.assignments.filter(ratings__isnull=False).count() == 8
    for forbidden_url in (f"/api/v1/studies/{study.pk}/ratings/", "/api/v1/studies/"):
        answer = client.get(forbidden_url)
        assert answer.status_code == 403
        fetched.append(("", dict(answer.headers), answer.content))
    for url, headers, body in fetched:
        text = (url + repr(headers)).encode() + body
        for secret in forbidden:
            assert secret.encode() not in text, (url, secret)
        if "/images/" not in url:
            assert not WORDS.search(text.decode()), (url, WORDS.search(text.decode()))


def test_swapping_the_labels_changes_nothing_for_a_machine(study):
    machine, token = machines.add_machine(actor=study.manager, study=study, name="net")
    client = Client(headers={"Authorization": f"Token {token}"})
    url = f"/api/v1/reading/{machine.token}/next/"
    before = client.get(url).content
    first = machine.assignments.get(position=1)
    Assignment.objects.filter(pk=first.pk).update(layout=first.layout[::-1])
    assert client.get(url).content == before
