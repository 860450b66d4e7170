"""The tool for speech servers, against a real server on this machine that can fail in every way servers do."""

import importlib
import io
import json
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.errors import Broken, NetworkForbidden, Refused, TimedOut, ToolError, Transient, Unavailable
from wavagent.script import Character, Delivery, Scene, Script, Speech, Trait, Traits, Voice
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Request, Tool, Toolbox, accept, price_of

wire = importlib.import_module("wavagent.tools._openai.server")
speech = importlib.import_module("wavagent.tools.openai_speech")
TOOL = speech.TOOL

Answer = Callable[[Any], None]
"""What a server does with a request that was read: `handler` is asked to write."""

TONE = (0.5 * np.sin(np.arange(2400) / 10)).astype(np.float32)


def encoded(form: str, rate: int = 24_000) -> bytes:
    """A tenth of a second of sound in a format."""
    if form == "pcm":
        return (TONE * 32767).astype("<i2").tobytes()
    file = io.BytesIO()
    soundfile.write(file, TONE, rate, format=form.upper(), subtype="VORBIS" if form == "ogg" else None)
    return file.getvalue()


class Served:
    """A speech server: `answers` are used one after the other, the last for ever; `asked` are the bodies it got."""

    def __init__(self) -> None:
        self.answers: list[Answer] = [sending(encoded("wav"), "audio/wav")]
        self.lists: dict[str, Any] = {}
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/audio/speech"
                served.keys.append(self.headers["Authorization"])
                served.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                answers = served.answers
                (answers.pop(0) if len(answers) > 1 else answers[0])(self)

            def do_GET(self) -> None:
                found = served.lists.get(self.path)
                body = json.dumps(found if found is not None else {"detail": "no such path"}).encode()
                sending(body, "application/json", 200 if found is not None else 404)(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def sending(body: bytes, kind: str = "audio/wav", status: int = 200, cut: int = 0, **headers: str) -> Answer:
    """Answer with `body`; its last `cut` bytes never come."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body[: len(body) - cut])

    return answer


def failing(status: int, message: str, **headers: str) -> Answer:
    body = json.dumps({"error": {"message": message, "type": "x", "code": None}}).encode()
    return sending(body, "application/json", status, 0, **headers)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "WAVAGENT_SPEECH_KEY", "WAVAGENT_SPEECH_MODEL"):
        monkeypatch.delenv(name, raising=False)
    served = Served()
    monkeypatch.setenv("WAVAGENT_SPEECH_URL", served.url)
    yield served
    served.close()


@pytest.fixture
def tool(server: Served) -> Iterator[Tool]:
    made = speech.OpenaiSpeech()
    yield made
    made.unload()


def line(**params: Any) -> Request:
    return Request(speech.OpenaiSpeechParams(**{"text": "Who is there?", "voice": "alloy", **params}))


def fault(tool: Tool, **params: Any) -> ToolError:
    with pytest.raises(ToolError) as caught:
        tool([line(**params)])
    return caught.value


# --- what is asked


def test_a_plain_line_asks_for_nothing_that_a_small_server_might_not_know(tool: Tool, server: Served) -> None:
    tool([line()])
    assert server.asked == [
        {"model": "gpt-4o-mini-tts", "input": "Who is there?", "voice": "alloy", "response_format": "wav"}
    ]


def test_delivery_becomes_speed_and_instructions(tool: Tool, server: Served) -> None:
    tool([line(pace=1.5, emotion="angry", intensity=0.9, note="through the door", instructions="An old sailor.")])
    (asked,) = server.asked
    assert asked["speed"] == 1.5
    assert asked["instructions"] == "An old sailor. Emotion: very angry. Delivery: through the door."


def test_a_model_that_follows_no_instructions_gets_none(tool: Tool, server: Served) -> None:
    tool([line(emotion="angry", model="tts-1")])
    assert "instructions" not in server.asked[0]


def test_the_model_is_the_voices_then_the_servers(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAVAGENT_SPEECH_MODEL", "kokoro")
    tool([line(), line(model="other")])
    assert [asked["model"] for asked in server.asked] == ["kokoro", "other"]


def test_openais_key_is_not_sent_to_another_server(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    tool([line()])
    monkeypatch.setenv("WAVAGENT_SPEECH_KEY", "mine")
    tool([line()])
    assert server.keys == ["Bearer none", "Bearer mine"]


def test_without_a_server_of_its_own_it_goes_where_openais_client_goes(
    tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAVAGENT_SPEECH_URL")
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-known")
    tool([line()])
    assert server.keys == ["Bearer sk-known"]


# --- what comes back


@pytest.mark.parametrize("form", ["wav", "flac", "mp3", "ogg"])
@pytest.mark.parametrize("kind", ["audio/anything", "text/html", ""])
def test_sound_is_known_by_its_bytes_whatever_it_is_called(tool: Tool, server: Served, form: str, kind: str) -> None:
    server.answers = [sending(encoded(form), kind)]
    (result,) = tool([line()])
    assert (result.audio.rate, result.audio.channels) == (24_000, 1)
    assert result.audio.seconds == pytest.approx(0.1, abs=0.06)
    assert np.abs(result.audio.samples).max() == pytest.approx(0.5, abs=0.1)


def test_what_comes_out_is_what_the_card_says(tool: Tool) -> None:
    (result,) = tool([line()])
    assert (result.audio.rate, result.audio.channels) == (tool.card.rate, tool.card.channels)
    np.testing.assert_allclose(result.audio.samples[:, 0], TONE, atol=1e-4)


@pytest.mark.parametrize(("kind", "rate"), [("audio/pcm", 24_000), ("audio/L16; rate=16000; channels=1", 16_000)])
def test_raw_samples_are_as_openai_sends_them_or_as_the_server_says(
    tool: Tool, server: Served, kind: str, rate: int
) -> None:
    server.answers = [sending(encoded("pcm") + b"\0", kind)]
    (result,) = tool([line(format="pcm")])
    assert (result.audio.rate, result.audio.frames) == (rate, 2400)


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF - 36, 0])
def test_a_wav_that_was_sent_before_its_end_was_known_is_read_to_its_end(
    tool: Tool, server: Served, length: int
) -> None:
    body = bytearray(encoded("wav"))
    at = body.index(b"data") + 4
    struct.pack_into("<I", body, 4, 0xFFFFFFFF)
    struct.pack_into("<I", body, at, length)
    server.answers = [sending(bytes(body))]
    np.testing.assert_allclose(tool([line()])[0].audio.samples[:, 0], TONE, atol=1e-4)


# --- what goes wrong


def test_a_wav_that_is_shorter_than_it_says_is_asked_for_again(tool: Tool, server: Served) -> None:
    server.answers = [sending(encoded("wav")[:-1000])]
    error = fault(tool)
    assert isinstance(error, Transient)
    assert "of 4800 bytes came" in str(error)


@pytest.mark.parametrize("cut", [1000, 4800])
def test_an_answer_that_breaks_off_is_asked_for_again(tool: Tool, server: Served, cut: int) -> None:
    server.answers = [sending(encoded("wav"), cut=cut)]
    assert isinstance(fault(tool), Transient)


@pytest.mark.parametrize("body", [b"", b"RIFF\0\0\0\0WAVE", b"fLaC", encoded("flac")[:60], encoded("wav")[:44]])
def test_an_answer_without_sound_in_it_is_asked_for_again(tool: Tool, server: Served, body: bytes) -> None:
    server.answers = [sending(body)]
    assert isinstance(fault(tool), Transient)


@pytest.mark.parametrize(
    ("form", "kind"),
    [("wav", "text/html"), ("wav", "application/json"), ("wav", "audio/wav"), ("wav", "")]
    + [("pcm", "text/html"), ("pcm", "application/json")],
)
def test_a_page_in_place_of_sound_is_named_and_not_played(tool: Tool, server: Served, kind: str, form: str) -> None:
    server.answers = [sending(b"<html>\n<b>Welcome to nginx!</b></html>\x1b[31m", kind)]
    error = fault(tool, format=form)
    assert type(error) is Broken
    assert "<html> <b>Welcome to nginx!</b></html>" in str(error)
    assert "\x1b" not in str(error)


def test_a_server_that_is_busy_says_when_to_ask_again(tool: Tool, server: Served) -> None:
    server.answers = [failing(429, "slow down", Retry_After="7"), sending(encoded("wav"))]
    error = fault(tool)
    assert isinstance(error, Transient)
    assert error.retry_after == 7.0
    assert "slow down" in str(error)
    assert tool([line()])[0].audio.frames == 2400


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unavailable), (403, Unavailable), (404, Unavailable), (400, Refused), (422, Refused), (413, Refused)]
    + [(408, Transient), (429, Transient), (500, Transient), (503, Transient)],
)
def test_a_status_means_what_it_means(tool: Tool, server: Served, status: int, kind: type[ToolError]) -> None:
    server.answers = [failing(status, "the reason")]
    error = fault(tool)
    assert type(error) is kind
    assert "the reason" in str(error)
    assert len(server.asked) == 1  # asking again is the executor's


def test_an_error_page_of_a_proxy_is_shown_in_short(tool: Tool, server: Served) -> None:
    server.answers = [sending(b"<html>" + b"bad gateway " * 500, "text/html", 502)]
    error = fault(tool)
    assert isinstance(error, Transient)
    assert len(str(error)) < 350


def test_an_account_without_money_is_not_asked_again(tool: Tool, server: Served) -> None:
    body = json.dumps({"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}).encode()
    server.answers = [sending(body, "application/json", 429)]
    assert isinstance(fault(tool), Unavailable)


def test_a_server_that_does_not_answer_is_given_up(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(wire, "TIMEOUT", 0.2)

    def silent(_: Any) -> None:
        done.wait(10)

    server.answers = [silent]
    try:
        assert isinstance(fault(tool), TimedOut)
    finally:
        done.set()


def test_nobody_at_the_address_may_pass(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAVAGENT_SPEECH_URL", "http://127.0.0.1:9/v1")
    error = fault(tool)
    assert isinstance(error, Transient)
    assert "http://127.0.0.1:9/v1" in str(error)


@pytest.mark.parametrize("address", ["no address", "ftp://x/y", "http://[::1"])
def test_an_address_that_is_none_is_said_so(
    tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("WAVAGENT_SPEECH_URL", address)
    error = fault(tool)
    assert isinstance(error, Unavailable)
    assert f"'{address}' is no address" in str(error)


def test_an_answer_without_an_end_is_cut_off(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST", 2**20)
    server.answers = [sending(b"RIFF" + bytes(2**23))]
    error = fault(tool)
    assert type(error) is Broken
    assert "more than 1 MB" in str(error)


def test_it_is_stopped_between_two_parts_of_an_answer(
    tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "audio/wav")
        handler.end_headers()
        handler.wfile.write(b"RIFF" + bytes(100_000))
        tool.stop()
        handler.wfile.write(bytes(100_000))

    server.answers = [endless]
    error = fault(tool)
    assert "stopped" in str(error)


def test_offline_it_is_unavailable(tool: Tool, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise NetworkForbidden("this run is offline, and something wanted to reach it")

    monkeypatch.setattr("socket.create_connection", forbidden)
    monkeypatch.setattr("socket.socket.connect", forbidden)
    error = fault(tool)
    assert isinstance(error, Unavailable)
    assert "offline" in str(error)
    assert not server.asked


# --- what it says of itself


def test_without_a_key_or_a_server_it_says_what_to_set(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAVAGENT_SPEECH_URL")
    assert "OPENAI_API_KEY" in str(TOOL.lack())
    assert "WAVAGENT_SPEECH_URL" in str(TOOL.lack())
    with pytest.raises(Unavailable, match="OPENAI_API_KEY"):
        TOOL([line()])
    monkeypatch.setenv("OPENAI_API_KEY", "sk-known")
    assert TOOL.lack() is None


def test_another_server_is_another_sound_and_no_password_is_kept(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert TOOL.edition == server.url
    monkeypatch.setenv("WAVAGENT_SPEECH_URL", "https://me:secret@example.org/v1?token=x")
    assert TOOL.edition == "https://example.org/v1"
    monkeypatch.delenv("WAVAGENT_SPEECH_URL")
    assert TOOL.edition == ""
    monkeypatch.setenv("WAVAGENT_SPEECH_MODEL", "tts-1-hd")
    assert TOOL.edition == "tts-1-hd"


def test_openai_costs_what_its_models_cost_and_ones_own_server_nothing(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(model: str) -> float:
        return price_of(TOOL, accept(TOOL, {"text": "x" * 1000, "voice": "alloy", "model": model}))

    assert cost("") == 0.0
    monkeypatch.delenv("WAVAGENT_SPEECH_URL")
    assert cost("tts-1") == pytest.approx(0.015)
    assert 0.01 < cost("") < 0.03
    assert cost("some-new-one") == pytest.approx(0.03)


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"pace": 3.0}, {"format": "exe"}, {"instructions": "x" * 4097}, {"unheard": 1}]
)
def test_what_it_does_not_take_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        accept(TOOL, {"text": "x", "voice": "alloy", **wrong})


def test_a_text_beyond_the_limit_is_refused_before_anything_is_sent() -> None:
    assert TOOL.refusal(speech.OpenaiSpeechParams(text="x" * 4096, voice="alloy")) is None
    assert "4096" in str(TOOL.refusal(speech.OpenaiSpeechParams(text="x" * 4097, voice="alloy")))


# --- its voices


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/v1/audio/voices", {"voices": ["af_bella", "am_adam"]}),
        ("/v1/audio/voices", {"voices": [{"id": "af_bella", "name": "Bella"}, {"voice_id": "am_adam"}]}),
        ("/v1/audio/voices", ["af_bella", "am_adam"]),
        ("/v1/models", {"data": [{"id": "kokoro", "voices": [{"name": "af_bella"}, "am_adam"]}]}),
    ],
)
def test_a_server_is_asked_for_its_voices(tool: Tool, server: Served, path: str, listed: Any) -> None:
    server.lists[path] = listed
    assert [voice.id for voice in tool.found_voices()] == ["af_bella", "am_adam"]


def test_what_a_server_says_of_a_voice_is_kept_when_it_makes_sense(tool: Tool, server: Served) -> None:
    told = {"id": "bea", "name": "Bea", "language": "fr", "gender": "Female"}
    server.lists["/v1/audio/voices"] = {"voices": [told, {"id": 3}, {"id": "a\x1bb"}, None, {"id": "x", "gender": 5}]}
    bea, x = tool.found_voices()
    assert (bea.name, bea.language, bea.gender) == ("Bea", "fr", "female")
    assert (x.id, x.language, x.gender) == ("x", "mul", "neutral")


def test_a_server_that_lists_no_voices_names_its_models(tool: Tool, server: Served) -> None:
    server.lists["/v1/models"] = {"data": [{"id": "tts-1"}, {"id": "whisper-1"}]}
    with pytest.raises(Unavailable, match="its models are tts-1, whisper-1"):
        tool.found_voices()


# --- in a story


@pytest.fixture
def make(tool: Tool, voice: Any, tmp_path: Any) -> Callable[..., Studio]:
    def studio(*prefer: str) -> Studio:
        return Studio(Settings(str(tmp_path / "store"), prefer=prefer), Toolbox.of(tool, voice))

    return studio


STORY = Script(
    language="de",
    cast=(
        Character(id="narrator", name="N"),
        Character(id="mary", name="Mary", traits=Traits(gender=Trait(value="female"))),
    ),
    scenes=(
        Scene(
            id="s",
            elements=(
                Speech(id="a", who="narrator", text="Es klopft. " * 500),
                Speech(id="b", who="mary", text="Wer ist da?", delivery=Delivery(note="whispering")),
            ),
        ),
    ),
)


def test_nobody_hears_of_a_story_unless_the_person_prefers_it(make: Callable[..., Studio], server: Served) -> None:
    with make() as studio:
        studio.render(STORY)
    assert server.asked == []


def test_a_preferred_server_speaks_all_of_it_in_parts_that_it_takes(
    make: Callable[..., Studio], server: Served
) -> None:
    server.answers = [failing(429, "slow down", Retry_After="0"), sending(encoded("wav"))]
    with make("openai_speech") as studio:
        made = studio.render(STORY)
    assert made.made.failures == {}
    spoken = [asked["input"] for asked in server.asked[1:]]
    assert max(map(len, spoken)) <= 4096
    assert sum(text.count("klopft") for text in spoken) >= 500
    whispered = next(asked for asked in server.asked if asked["input"] == "Wer ist da?")
    assert whispered["instructions"] == "Delivery: whispering."
    assert whispered["voice"] in ("coral", "marin", "nova", "sage", "shimmer")
    with make("openai_speech") as studio:
        assert not studio.render(STORY).made.ran


def test_a_script_may_name_a_voice_of_the_server_that_no_card_has(make: Callable[..., Studio], server: Served) -> None:
    own = Voice(tool="openai_speech", id="af_bella", settings={"model": "kokoro"})
    cast = tuple(character.model_copy(update={"voice": own}) for character in STORY.cast)
    with make() as studio:
        studio.render(STORY.model_copy(update={"cast": cast}))
    assert {(asked["voice"], asked["model"]) for asked in server.asked} == {("af_bella", "kokoro")}
