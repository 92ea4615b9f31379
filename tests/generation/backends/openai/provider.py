"""A provider on loopback that speaks every dialect of the Images API, and fails as told."""

import base64
import email.parser
import email.policy
import io
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image

EXTRA = re.compile(r" ?<sd_cpp_extra_args>(.*?)</sd_cpp_extra_args>")


@dataclass
class Seen:
    """One request as the provider got it: fields of JSON or of a form, and files by their name."""

    method: str
    path: str
    headers: dict[str, str]
    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Reply:
    """An answer as it goes out: `length` may promise more than `body` holds."""

    body: bytes | dict | list = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    length: int | None = None
    seconds: float = 0.0
    drip: float = 0.0

    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Behaviour = Callable[[Seen], Reply]


class Provider:
    """Answers as its dialect does; replies put into `script` come first, one a request."""

    def __init__(self, dialect: str = "openai") -> None:
        self.dialect = dialect
        self.script: list[Reply | Behaviour] = []
        self.seen: list[Seen] = []
        self.files: dict[str, bytes] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def base_url(self) -> str:
        return f"{self.origin}/v1"

    def options(self, **more: Any) -> dict[str, Any]:
        """OPTIONS of a backend that speaks to this provider."""
        return {
            "MODEL": "model-1",
            "DIALECT": self.dialect,
            "BASE_URL": self.base_url,
            "ALLOW_PRIVATE": True,
            "TIMEOUT": 5,
            **more,
        }

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, seen: Seen) -> Reply:
        self.seen.append(seen)
        if self.script:
            given = self.script.pop(0)
            return given(seen) if callable(given) else given
        if seen.method == "GET":
            if seen.path in self.files:
                return Reply(self.files[seen.path], media_type="image/png")
            return Reply({"data": [{"id": "model-1"}]})
        return self.images(seen)

    def images(self, seen: Seen) -> Reply:
        """What an honest server of this dialect answers; what it does not know is an error."""
        if seen.path not in self._paths():
            return Reply({"detail": "Not Found"}, status=404)
        fields = dict(seen.fields)
        if self.dialect == "sd.cpp":
            found = EXTRA.search(fields["prompt"])
            fields |= json.loads(found[1]) if found else {}
        if self.dialect == "localai" and not seen.files:
            fields["prompt"], _, fields["negative_prompt"] = fields["prompt"].partition("|")
        if seen.files:
            drawn = [self._edited(seen, fields, number) for number in range(_n(fields))]
        else:
            size = tuple(int(side) for side in fields["size"].split("x"))
            drawn = [_noise(fields, number, size) for number in range(_n(fields))]
        return Reply(
            {"created": 1, "data": [self._slot(image) for image in drawn], "usage": {"images": 1}},
            headers={"x-request-id": f"req_{len(self.seen)}"},
        )

    def _paths(self) -> set[str]:
        own = {"sglang": set(), "localai": {"/v1/images/inpainting"}}
        return {"/v1/images/generations", *own.get(self.dialect, {"/v1/images/edits"})}

    def _edited(self, seen: Seen, fields: dict[str, Any], number: int) -> Image.Image:
        """The source with noise where this dialect's reading of the mask says to generate."""
        source = Image.open(io.BytesIO(seen.files["image"])).convert("L")
        name = "mask_image" if self.dialect == "vllm-omni" else "mask"
        mask = Image.open(io.BytesIO(seen.files[name]))
        by_alpha = self.dialect in ("openai", "litellm")
        generate = (
            np.asarray(mask.getchannel("A")) == 0
            if by_alpha
            else (np.asarray(mask.convert("L")) > 127)
        )
        noise = np.asarray(_noise(fields, number, source.size))
        return Image.fromarray(np.where(generate, noise, np.asarray(source)))

    def _slot(self, image: Image.Image) -> dict[str, Any]:
        raw = png(image.convert("RGB"))
        if self.dialect == "localai" and self.seen[-1].files:
            path = f"/generated-images/{len(self.files)}.png"
            self.files[path] = raw
            return {"url": f"{self.origin}{path}"}
        return {"b64_json": base64.b64encode(raw).decode()}


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def slot(size: tuple[int, int] = (256, 256), level: int = 90, **more: Any) -> dict[str, Any]:
    return {
        "b64_json": base64.b64encode(png(Image.new("RGB", size, (level,) * 3))).decode(),
        **more,
    }


def data(*slots: Any, **more: Any) -> Reply:
    return Reply({"created": 1, "data": list(slots), **more})


def error(status: int, headers: dict[str, str] | None = None, **told: Any) -> Reply:
    return Reply({"error": told}, status=status, headers=headers or {})


def _n(fields: dict[str, Any]) -> int:
    return int(fields.get("n", 1))


def _noise(fields: dict[str, Any], number: int, size: tuple[int, int]) -> Image.Image:
    """The same for the same seed; without one never the same."""
    seed = fields.get("seed")
    random = np.random.default_rng(None if seed is None else [int(seed), number])
    return Image.fromarray(random.integers(0, 255, (size[1], size[0]), dtype=np.uint8))


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(provider.answer(Seen("GET", self.path, dict(self.headers))))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen = Seen("POST", self.path, dict(self.headers))
            _read_body(seen, self.headers.get("Content-Type", ""), body)
            self._reply(provider.answer(seen))

        def _reply(self, reply: Reply) -> None:
            time.sleep(reply.seconds)
            body = reply.bytes()
            self.close_connection = True
            try:
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", reply.media_type)
                self.send_header("Content-Length", str(reply.length or len(body)))
                self.end_headers()
                self._write(body, reply.drip)
            except OSError:  # the other end has had enough
                pass

        def _write(self, body: bytes, drip: float) -> None:
            if not drip:
                self.wfile.write(body)
                return
            for start in range(len(body)):
                self.wfile.write(body[start : start + 1])
                self.wfile.flush()
                time.sleep(drip)

        def log_message(self, *_words: Any) -> None:
            pass

    return Handler


def _read_body(seen: Seen, media_type: str, body: bytes) -> None:
    if not media_type.startswith("multipart/form-data"):
        seen.fields = json.loads(body)
        return
    head = f"Content-Type: {media_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if part.get_filename():
            seen.files[name] = content
        else:
            seen.fields[name] = content.decode()
