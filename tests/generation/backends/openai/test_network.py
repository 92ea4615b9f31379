"""Where a worker may be led: not inside the house, neither by settings, DNS, nor an answer."""

import socket

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.backends.base import Misconfigured, PermanentError, TransientError
from generation.backends.contract import Recorder
from generation.backends.openai import OpenAIBackend, addresses
from generation.backends.openai.addresses import AddressRefused, check_address, origin
from generation.backends.openai.network import GuardedTransport
from generation.backends.openai.options import read
from tests.generation.backends.openai.conftest import text_request
from tests.generation.backends.openai.provider import Reply, data, png

PUBLIC = ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
PRIVATE = [
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "fd12:3456::1",
    "100.64.0.1",
    "::ffff:10.1.2.3",
    "64:ff9b::10.1.2.3",
    "2002:0a01:0203::1",
]
NEVER = [
    "169.254.169.254",
    "169.254.1.1",
    "168.63.129.16",
    "100.100.100.200",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "0.0.0.0",
    "::",
    "224.0.0.1",
    "ff02::1",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "::127.0.0.1",
]


class Wire(httpx2.BaseTransport):
    """Keeps the request as it would go out."""

    def handle_request(self, request):
        self.request = request
        return httpx2.Response(200, content=b"")


@pytest.fixture
def names(monkeypatch):
    """Names and what they resolve to, one answer after the other; numbers stand for themselves."""
    table: dict[str, list[list[str]]] = {}
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host not in table:
            return real(host, port, *args, **kwargs)
        answers = table[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    return table


@pytest.fixture
def named(provider, names):
    """A backend whose provider has a name, and the table of names."""

    def make(**more):
        port = provider.server.server_port
        options = provider.options(
            BASE_URL=f"http://images.example:{port}/v1",
            API_KEY_ENV="IMAGES_KEY",
            SIZES=["256x256"],
            **more,
        )
        return OpenAIBackend("remote", options)

    return make


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_spoken_to(address):
    check_address(address, allow_private=False)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_only_where_the_settings_allow_it(address):
    with pytest.raises(AddressRefused, match="private or loopback"):
        check_address(address, allow_private=False)
    check_address(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
@pytest.mark.parametrize("allow_private", [True, False])
def test_link_local_and_metadata_addresses_never(address, allow_private):
    with pytest.raises(AddressRefused):
        check_address(address, allow_private=allow_private)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_guise_is_judged_as_itself(address):
    def verdict(text):
        try:
            check_address(text, allow_private=False)
        except AddressRefused:
            return "refused"
        return "spoken to"

    plain = verdict(str(address))
    assert verdict(f"::ffff:{address}") == plain
    assert verdict(f"64:ff9b::{address}") == plain


def test_a_name_that_leads_inside_is_not_spoken_to(provider, names, named):
    names["images.example"] = [["127.0.0.1"]]
    backend = named()
    transport = GuardedTransport(read({"MODEL": "m"})[0])
    with pytest.raises(Exception, match="private or loopback") as caught:
        transport.handle_request(httpx2.Request("GET", "https://images.example/"))
    assert isinstance(caught.value.error, Misconfigured)
    names["images.example"] = [["169.254.169.254"]]
    with pytest.raises(Misconfigured, match="metadata"):
        backend.run(text_request(), Recorder())
    assert provider.seen == []


def test_one_bad_address_among_good_ones_refuses_the_name(provider, names, named):
    names["images.example"] = [["127.0.0.1", "169.254.169.254"]]
    with pytest.raises(Misconfigured, match="metadata"):
        named().run(text_request(), Recorder())
    assert provider.seen == []


def test_the_connection_goes_to_the_address_that_was_checked(provider, names, named):
    """The name exists in the checked resolver only, so nobody else can have resolved it."""
    names["images.example"] = [["127.0.0.1"], ["169.254.169.254"]]
    named().run(text_request(), Recorder())
    assert provider.seen[0].headers["Host"] == f"images.example:{provider.server.server_port}"


def test_every_request_is_checked_anew(provider, names, named):
    names["images.example"] = [["127.0.0.1"], ["169.254.169.254"]]
    backend = named()
    backend.run(text_request(), Recorder())
    with pytest.raises(Misconfigured, match="metadata"):
        backend.run(text_request(), Recorder())
    assert len(provider.seen) == 1


def test_the_next_address_is_tried_where_one_does_not_answer(provider, names, named):
    names["images.example"] = [["127.0.0.9", "127.0.0.1"]]
    named().run(text_request(), Recorder())
    assert len(provider.seen) == 1


def test_a_name_that_is_not_known_is_transient(named, names, monkeypatch):
    def unknown(*_args, **_kwargs):
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", unknown)
    with pytest.raises(TransientError, match="cannot be resolved"):
        named().run(text_request(), Recorder())


def test_the_certificate_is_that_of_the_name(names):
    names["images.example"] = [["8.8.8.8"]]
    inner = Wire()
    transport = GuardedTransport(read({"MODEL": "m"})[0], inner)
    transport.handle_request(httpx2.Request("GET", "https://images.example/v1"))
    assert inner.request.url.host == "8.8.8.8"
    assert inner.request.headers["host"] == "images.example"
    assert inner.request.extensions["sni_hostname"] == "images.example"


def test_an_address_of_version_6_is_spoken_to_as_it_stands():
    inner = Wire()
    url = "https://[2001:4860:4860::8888]/v1"
    GuardedTransport(read({"MODEL": "m"})[0], inner).handle_request(httpx2.Request("GET", url))
    assert str(inner.request.url) == url


def test_proxy_variables_are_not_obeyed(provider, backend, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
    backend.run(text_request(), Recorder())
    assert len(provider.seen) == 1


def url_slot(url):
    return data({"url": url})


def test_an_image_by_address_is_fetched_from_the_providers_own_origin(provider, backend):
    provider.files["/files/1.png"] = png_of_knee()
    for url in (f"{provider.origin}/files/1.png", "/files/1.png"):
        provider.script = [url_slot(url)]
        image = backend.run(text_request(), Recorder()).images[0]
        assert image.raw == png_of_knee()
        assert provider.seen[-1].headers["Authorization"] == "Bearer sk-loopback"


def test_from_another_origin_only_where_the_settings_name_it_and_without_the_key(
    provider, provide, backend
):
    files = provide()
    files.files["/1.png"] = png_of_knee()
    provider.script = [url_slot(f"{files.origin}/1.png")]
    with pytest.raises(Misconfigured, match="FILE_ORIGINS"):
        backend.run(text_request(), Recorder())
    assert files.seen == []
    allowed = provider.options(
        API_KEY_ENV="IMAGES_KEY", SIZES=["256x256"], FILE_ORIGINS=[files.origin]
    )
    provider.script = [url_slot(f"{files.origin}/1.png")]
    image = OpenAIBackend("r", allowed).run(text_request(), Recorder()).images[0]
    assert image.raw == png_of_knee()
    assert "Authorization" not in files.seen[0].headers


def test_an_allowed_origin_that_leads_inside_is_not_fetched(provider, names, named):
    names["images.example"] = [["127.0.0.1"]]
    names["cdn.example"] = [["169.254.169.254"]]
    provider.script = [url_slot("https://cdn.example/latest/meta-data")]
    with pytest.raises(Misconfigured, match="metadata"):
        named(FILE_ORIGINS=["https://cdn.example"]).run(text_request(), Recorder())


def test_a_redirect_is_not_followed(provider, provide, backend):
    inside = provide()
    redirect = Reply(b"", 302, {"Location": f"{inside.origin}/secret"})
    provider.script = [url_slot("/files/1.png"), redirect]
    with pytest.raises(PermanentError, match="status 302") as caught:
        backend.run(text_request(), Recorder())
    assert caught.value.reason_code == "not_fetched"
    provider.script = [Reply(b"", 307, {"Location": f"{inside.origin}/v1/images/generations"})]
    with pytest.raises(Misconfigured, match="redirect"):
        backend.run(text_request(), Recorder())
    assert inside.seen == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(b"", 404), PermanentError),
        (Reply(b"", 503, {"Retry-After": "3"}), TransientError),
        (Reply(b"x", length=900), TransientError),
    ],
)
def test_a_file_that_does_not_come_says_whether_to_try_again(provider, backend, reply, kind):
    provider.script = [url_slot("/files/1.png"), reply]
    with pytest.raises(kind):
        backend.run(text_request(), Recorder())


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x/1.png", "http://user:pw@x/", "http://[::1", "gopher:x"]
)
def test_an_address_of_another_kind_is_not_fetched(provider, backend, url):
    provider.script = [url_slot(url)]
    with pytest.raises(PermanentError):
        backend.run(text_request(), Recorder())
    assert len(provider.seen) == 1


def test_a_file_that_is_too_large_is_not_read_to_its_end(provider):
    options = provider.options(API_KEY_ENV="IMAGES_KEY", SIZES=["256x256"], MAX_ANSWER_MB=0.01)
    provider.script = [url_slot("/files/1.png"), Reply(b"x" * 200_000, media_type="image/png")]
    with pytest.raises(PermanentError, match="MAX_ANSWER_MB"):
        OpenAIBackend("r", options).run(text_request(), Recorder())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://API.example.org/v1", "https://api.example.org:443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "http://[::1]:8080"),
    ],
)
def test_an_origin_always_tells_its_port(url, expected):
    assert origin(url) == expected


def png_of_knee():
    from PIL import Image

    return png(Image.new("RGB", (256, 256), (90, 90, 90)))
