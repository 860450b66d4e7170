"""A server with OpenAI's HTTP interface: its address and key, and what its failures mean.

The address and the key are those of OpenAI's own client, OPENAI_BASE_URL and OPENAI_API_KEY. Where speech comes from
another server than the language model, WAVAGENT_SPEECH_URL says from which; it is never sent OpenAI's key, but
WAVAGENT_SPEECH_KEY. WAVAGENT_SPEECH_MODEL is the model where a voice names none.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from wavagent.errors import Broken, NetworkForbidden, Refused, TimedOut, ToolError, Transient, Unavailable

HOSTED = "https://api.openai.com/v1"

TIMEOUT = 180.0
"""Seconds without a byte after which a server counts as gone."""

LARGEST = 256 * 2**20
"""Bytes of the largest answer that is read: 4096 characters said slowly, as uncompressed stereo."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where speech comes from; `model` is the one that is asked where a voice names none."""

    url: str
    key: str
    model: str

    @classmethod
    def here(cls) -> "Server":
        """The server that this process was told of."""
        said = os.environ.get
        url, key = said("OPENAI_BASE_URL", ""), said("OPENAI_API_KEY", "")
        if own := said("WAVAGENT_SPEECH_URL", ""):
            url, key = own, said("WAVAGENT_SPEECH_KEY", "") or "none"
        return cls((url or HOSTED).rstrip("/"), key or ("none" if url else ""), said("WAVAGENT_SPEECH_MODEL", ""))

    @property
    def hosted(self) -> bool:
        """Whether it is OpenAI's own."""
        return self.url == HOSTED

    @property
    def address(self) -> str:
        """Its address without a name and password, for messages and keys."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            return shown(self.url.rpartition("@")[2])
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment=""))

    def client(self) -> Any:
        """OpenAI's client for it, which asks once: asking again is for whoever runs the call."""
        from openai import OpenAI

        wrong = f"'{self.address}' is no address of a server; http://localhost:8880/v1 would be one"
        if not self.address.startswith(("http://", "https://")):
            raise Unavailable(wrong)
        try:
            return OpenAI(api_key=self.key, base_url=self.url, timeout=TIMEOUT, max_retries=0)
        except Exception as error:  # the libraries under it have a kind of error each
            raise Unavailable(wrong) from error

    def speak(self, client: Any, asked: Mapping[str, Any], alive: Callable[[], None]) -> tuple[bytes, str]:
        """The answer to a request for speech and its content type. Calls `alive` between its parts."""
        body = bytearray()
        try:
            with client.audio.speech.with_streaming_response.create(**asked) as response:
                for part in response.iter_bytes(65536):
                    alive()
                    body += part
                    if len(body) > LARGEST:
                        raise Broken(f"{self.address} sent more than {LARGEST >> 20} MB for one line, and was cut off")
                return bytes(body), str(response.headers.get("content-type", ""))
        except ToolError:
            raise
        except Exception as error:
            raise self.fault(error) from error

    def listed(self, client: Any, path: str) -> Any:
        """The JSON at `path`; None where the server knows no such path."""
        try:
            return client.get(path, cast_to=object)
        except Exception as error:
            if getattr(error, "status_code", None) in (404, 405):
                return None
            raise self.fault(error) from error

    def fault(self, error: Exception) -> ToolError:
        """What an exception of the client means."""
        if isinstance(error, NetworkForbidden):
            return Unavailable(str(error))
        status = getattr(error, "status_code", None)
        said = _words(error)
        if isinstance(status, int):
            return self._of_status(status, said, _after(error))
        name = type(error).__name__
        if "timeout" in name.lower() or "timed out" in said.lower():
            return TimedOut(f"{self.address} did not answer within {TIMEOUT:g} s")
        cause = error.__cause__
        return Transient(f"{self.address} gave no whole answer ({name}: {shown(str(cause or error))})")

    def _of_status(self, status: int, said: str, after: float | None) -> ToolError:
        if status in (401, 403):
            return Unavailable(f"{self.address} does not let us in ({status}: {said}); check its key")
        if "insufficient_quota" in said:
            return Unavailable(f"{self.address} wants to be paid first ({status}: {said})")
        if status in (408, 409, 425, 429) or status >= 500:
            return Transient(f"{self.address} is busy or broken ({status}: {said})", after)
        if status in (404, 405):
            return Unavailable(f"{self.address} has no such model or makes no speech ({status}: {said})")
        return Refused(f"{self.address} will not say this ({status}: {said})")


def shown(text: str) -> str:
    """The beginning of what a stranger said, on one line, with nothing in it but what can be printed."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text[:2000]).split())
    return line if len(line) <= 200 else f"{line[:199]}…"


def _words(error: Exception) -> str:
    """What a server said of a failure: the message in its JSON, or the beginning of whatever it sent."""
    body = getattr(error, "body", None)
    if isinstance(body, Mapping):
        told = [body.get("message") or body.get("detail"), body.get("code")]
        body = ", ".join(str(part) for part in told if part) or str(body)
    return shown(str(body or error))


def _after(error: Exception) -> float | None:
    """The seconds that a Retry-After header asks to wait."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return min(3600.0, max(0.0, float(headers.get("retry-after", ""))))
    except ValueError:
        return None  # there is none, or it is a date
