"""openai_speech: speech by a server that speaks like OpenAI's, hosted or on this machine (Kokoro, LocalAI, …).

It sends the text away and may cost money, so that it is only chosen where a person prefers it or the script names it.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Broken, Transient, Unavailable
from wavagent.tool import Card, Gender, Licence, Params, Price, Request, Result, SpeechParams, Tool, VoiceCard

from ._openai import Server, names_in, sound, voices_in

MODEL = "gpt-4o-mini-tts"
"""What is asked where neither the voice nor WAVAGENT_SPEECH_MODEL names a model."""

LONGEST = 4096
"""Characters in one request, of the text and of the instructions alike."""

_PRICES: Mapping[str, Price] = {
    "gpt-4o-mini-tts": Price(second=0.015 / 60),
    "tts-1": Price(thousand_characters=0.015),
    "tts-1-hd": Price(thousand_characters=0.03),
}
"""OpenAI's, as published in 2025; a model that is not known is reckoned as the dearest."""

_VOICES: Mapping[str, Gender] = {
    "alloy": "neutral",
    "ash": "male",
    "ballad": "male",
    "cedar": "male",
    "coral": "female",
    "echo": "male",
    "fable": "neutral",
    "marin": "female",
    "nova": "female",
    "onyx": "male",
    "sage": "female",
    "shimmer": "female",
    "verse": "male",
}

_LANGUAGES = (
    "af ar hy az be bs bg ca zh hr cs da nl en et fi fr gl de el he hi hu is id it ja kn kk ko lv lt mk ms mr mi ne "
    "no nb fa pl pt ro ru sr sk sl es sw sv tl ta th tr uk ur vi cy"
)


class OpenaiSpeechParams(SpeechParams):
    """What a server takes beside the text and the voice.

    `instructions` say how this voice speaks, `note` how this line is said; a server that knows neither leaves them
    out. `model` "" is that of the server.
    """

    model: str = Field(default="", max_length=200)
    instructions: str = Field(default="", max_length=LONGEST)
    note: str = ""
    format: Literal["wav", "flac", "pcm", "mp3", "opus", "aac"] = "wav"


class OpenaiSpeech(Tool):
    """Speech by `POST /v1/audio/speech`."""

    card: ClassVar[Card] = Card(
        name="openai_speech",
        version="1",
        task="speech",
        summary="Speech by OpenAI or any server that speaks like it; the text is sent there",
        languages=tuple(_LANGUAGES.split()),
        voices=tuple(
            VoiceCard(id=name, name=name.title(), language="mul", gender=gender) for name, gender in _VOICES.items()
        ),
        rate=24_000,
        longest_text=LONGEST,
        pool="http",
        on_request=True,
        any_voice=True,
        speed=5.0,
        deterministic=False,
        seeded=True,  # no server takes a seed, but another one is another take
        price=_PRICES[MODEL],
        code_licence=Licence(name="Apache-2.0", commercial=True),
        requires=("openai", "soundfile", "av"),
        install="pip install wavagent",
    )
    params: ClassVar[type[Params]] = OpenaiSpeechParams

    def __init__(self) -> None:
        self._client: tuple[Server, Any] | None = None
        self._lock = threading.Lock()
        self._stops = 0

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """Raises Unavailable without a key or a connection, Refused with the server's words, and Transient."""
        server, stops = self._server(), self._stops

        def alive() -> None:
            if self._stops != stops:
                raise Broken(f"tool '{self.card.name}' was stopped")

        results = []
        for request in requests:
            alive()
            asked = _asked(request.params, server)
            body, kind = server.speak(self._connected(server), asked, alive)
            results.append(Result(_sound(server, body, kind, request.params.format)))
        return results

    def refusal(self, params: OpenaiSpeechParams) -> str | None:
        if len(params.text) > LONGEST:
            return f"a speech server takes {LONGEST} characters at once and found {len(params.text)}; split the text"
        return None

    def seconds(self, params: OpenaiSpeechParams) -> float:
        return max(0.5, len(params.text) / 15.0) / params.pace

    def price(self, params: OpenaiSpeechParams) -> Price | None:
        """OpenAI's own; what another server asks is between it and the person who runs it."""
        server = Server.here()
        dearest = _PRICES["tts-1-hd"]
        return _PRICES.get(_model(params, server), dearest) if server.hosted else None

    @property
    def edition(self) -> str:
        """The server, unless it is OpenAI's, and the model that it is asked for by default."""
        server = Server.here()
        return " ".join(filter(None, ("" if server.hosted else server.address, server.model)))

    def lack(self) -> str | None:
        if lack := super().lack():
            return lack
        if not Server.here().key:
            return "needs a key or a server: set OPENAI_API_KEY, or WAVAGENT_SPEECH_URL to the address of your own"
        return None

    def found_voices(self) -> tuple[VoiceCard, ...]:
        server = self._server()
        client = self._connected(server)
        listed = server.listed(client, "/audio/voices")
        models = None if listed else server.listed(client, "/models")
        found = voices_in(listed or models)
        if not found:
            names = ", ".join(names_in(models))
            raise Unavailable(f"{server.address} does not say which voices it has; its models are {names or 'unknown'}")
        return found

    def stop(self) -> None:
        self._stops += 1

    def unload(self) -> None:
        with self._lock:
            connected, self._client = self._client, None
        if connected is not None:
            connected[1].close()

    def _server(self) -> Server:
        if lack := self.lack():
            raise Unavailable(f"tool '{self.card.name}' {lack}")
        return Server.here()

    def _connected(self, server: Server) -> Any:
        with self._lock:
            if self._client is None or self._client[0] != server:
                self._client = server, server.client()
            return self._client[1]


def _asked(params: OpenaiSpeechParams, server: Server) -> dict[str, Any]:
    """What the server is asked. What is as always is left out, for not every server knows all there is."""
    model = _model(params, server)
    asked: dict[str, Any] = {
        "model": model,
        "input": params.text,
        "voice": params.voice,
        "response_format": params.format,
    }
    if params.pace != 1.0:
        asked["speed"] = params.pace
    instructions = _instructions(params)
    if instructions and model not in ("tts-1", "tts-1-hd"):  # which do not follow any
        asked["instructions"] = instructions
    return asked


def _model(params: OpenaiSpeechParams, server: Server) -> str:
    return params.model or server.model or MODEL


def _instructions(params: OpenaiSpeechParams) -> str:
    """How the line is said, in words."""
    degree = "slightly " if params.intensity < 0.35 else "very " if params.intensity > 0.7 else ""
    parts = [
        params.instructions.strip(),
        f"Emotion: {degree}{params.emotion.strip()}." if params.emotion.strip() else "",
        f"Delivery: {params.note.strip()}." if params.note.strip() else "",
    ]
    return " ".join(filter(None, parts))[:LONGEST]


def _sound(server: Server, body: bytes, kind: str, asked: str) -> Audio:
    try:
        return sound(body, kind.lower(), asked)
    except Transient as error:
        raise Transient(f"{server.address} sent {error}") from error
    except Broken as error:
        raise Broken(f"{server.address} sent {error}; check that it makes speech and which model and voice") from error


TOOL: Tool = OpenaiSpeech()
