"""The official client, made to try once, to speak to checked addresses and to show raw answers.

Imports the client's library, so import this where it is used.
"""

from typing import Any
from urllib.parse import urljoin

import httpx2
import openai

from generation.backends.base import (
    BackendError,
    GenerationRequest,
    Misconfigured,
    Operation,
    PermanentError,
    TransientError,
)
from generation.backends.openai import answers
from generation.backends.openai.addresses import origin
from generation.backends.openai.dialects import Call
from generation.backends.openai.errors import failure, retry_after
from generation.backends.openai.network import Stopped, http_client
from generation.backends.openai.options import Settings
from generation.backends.openai.words import plain

HEALTH_SECONDS = 5.0


class Client:
    """One provider. Holds no open connection between requests, so a fork does it no harm."""

    version = openai.__version__

    def __init__(self, settings: Settings, key: str) -> None:
        self._settings = settings
        self._http = http_client(settings)
        self._key = key.encode()
        self._authorization = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = openai.OpenAI(
            api_key=key or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=self._http.timeout,
            http_client=self._http,
        )
        self._headers: dict[str, Any] = {} if key else {"Authorization": openai.Omit()}

    def close(self) -> None:
        self._client.close()

    def send(self, call: Call, request: GenerationRequest, key: str) -> tuple[dict[str, Any], str]:
        """The answer's JSON and the provider's request id. Raises BackendError."""
        headers = dict(self._headers)
        if self._settings.dialect.idempotency:
            headers["Idempotency-Key"] = key
        if call.files:
            headers["Content-Type"] = "multipart/form-data"
        edit = request.operation is not Operation.TEXT_TO_IMAGE
        try:
            response = self._client.post(
                call.path,
                cast_to=httpx2.Response,
                body=dict(call.fields),
                files=dict(call.files) or None,
                options={"headers": headers},
            )
        except openai.APIError as error:
            raise self._error(error, edit=edit) from error
        media_type = response.headers.get("content-type", "")
        answer = answers.parsed(response.content, media_type)
        return answer, plain(response.headers.get("x-request-id"))

    def fetch(self, url: str) -> bytes:
        """A file that the provider gave by address: from its own origin or an allowed one."""
        try:
            url = urljoin(f"{self._settings.base_url}/", url)
            place = origin(url)
        except ValueError as error:
            raise PermanentError(f"The image's address cannot be used: {error}.") from error
        own = place == origin(self._settings.base_url)
        if not own and place not in self._settings.file_origins:
            raise Misconfigured(f"The image is at {place}, which FILE_ORIGINS does not name.")
        try:
            response = self._http.get(url, headers=self._authorization if own else {})
        except httpx2.InvalidURL as error:
            raise PermanentError(f"The image's address cannot be used: {error}.") from error
        except httpx2.RequestError as error:
            raise self._unreached(error) from error
        if response.status_code == 200:
            return response.content
        words = f"The image could not be fetched: status {response.status_code}."
        if response.status_code >= 500 or response.status_code == 429:
            raise TransientError(words, retry_after=retry_after(response.headers))
        raise PermanentError(words, code="not_fetched")

    def problems(self) -> list[str]:
        """Whether the provider answers and takes the key, asked by its list of models."""
        try:
            self._client.get(
                "/models",
                cast_to=httpx2.Response,
                options={"timeout": HEALTH_SECONDS, "headers": self._headers},
            )
        except openai.APIStatusError as error:
            if error.status_code in (401, 403) or error.status_code >= 500:
                return [self._error(error, edit=False).public_message]
        except openai.APIError as error:
            return [self._error(error, edit=False).public_message]
        return []

    def _error(self, error: openai.APIError, *, edit: bool) -> BackendError:
        if isinstance(error, openai.APIStatusError):
            response = error.response
            body = response.content
            if self._key:
                body = body.replace(self._key, b"(the key)")  # some providers repeat it
            return failure(response.status_code, response.headers, body, edit=edit)
        return self._unreached(error)

    def _unreached(self, error: Exception) -> BackendError:
        """What it means that no answer came: the guard's own word, or a try later."""
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, Stopped):
                return cause.error
            if isinstance(cause, httpx2.ReadTimeout | httpx2.WriteTimeout):
                return TransientError(
                    f"The provider did not answer within {self._settings.timeout:g} s."
                )
            if isinstance(cause, httpx2.RequestError):
                return TransientError(f"The provider cannot be reached: {plain(cause)}")
            cause = cause.__cause__
        return TransientError(f"The provider cannot be reached: {plain(error)}")
