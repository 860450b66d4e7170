"""A clip said again in another voice: long ones pause by pause, each part when its original began."""

import importlib
import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.audio import Audio
from wavagent.errors import Broken, InputError, OutOfMemory, Refused, ScriptError, Unavailable
from wavagent.planning.wishes import wished
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Request, Toolbox, accept, installed
from wavagent.weights import use

pytestmark = pytest.mark.usefixtures("models")
module = importlib.import_module("wavagent.tools.speecht5_convert")
RATE = 16_000


def talk(seconds: float, rate: int = RATE, channels: int = 1, seed: int = 0) -> Audio:
    """Noise in syllables."""
    frames = round(seconds * rate)
    loud = np.abs(np.sin(np.arange(frames) / rate * 12))[:, None]
    return Audio.of(0.2 * loud * np.random.default_rng(seed).standard_normal((frames, channels)), rate)


def wanted(clip: Audio, voice: str = "slt", seed: int = 1) -> Request:
    return Request(accept(module.TOOL, {"voice": voice}), {"audio": clip}, seed)


@pytest.fixture
def home(tiny: Any, tmp_path: Path) -> Path:
    """Tiny weights whose voices a test may change."""
    return Path(shutil.copytree(tiny("speecht5_convert"), tmp_path / "weights"))


@pytest.fixture
def tool(home: Path) -> Any:
    return module.Speecht5Convert({part: home / part for part in ("", "vocoder", "voices", "speaker")})


def samples(tool: Any, *requests: Request) -> list[Any]:
    return [made.audio.samples for made in tool(requests)]


def test_a_batch_of_mixed_lengths_and_rates_gives_each_its_own(tool: Any) -> None:
    clips = [talk(0.5), talk(1.5, 48_000, 2), talk(0.02)]
    for clip, made in zip(clips, tool([wanted(clip) for clip in clips]), strict=True):
        assert (made.audio.rate, made.audio.channels) == (tool.card.rate, tool.card.channels)
        assert clip.seconds <= made.audio.seconds <= max(clip.seconds, module.SHORTEST) * module.MOST
        assert np.abs(made.audio.samples).max() > 0.01


def test_a_clip_is_the_same_alone_and_in_company(tool: Any) -> None:
    requests = [wanted(talk(0.5), seed=1), wanted(talk(0.7), seed=2)]
    for together, request in zip(samples(tool, *requests), requests, strict=True):
        np.testing.assert_array_equal(together, samples(tool, request)[0])


def test_seed_and_voice_and_what_was_said_are_heard(tool: Any) -> None:
    clip = talk(0.5)
    one, again, *others = samples(
        tool,
        wanted(clip),
        wanted(clip),
        wanted(clip, seed=2),
        wanted(clip, voice="bdl"),
        wanted(talk(0.5, seed=1)),
    )
    np.testing.assert_array_equal(one, again)
    for other in others:
        assert one.shape != other.shape or np.abs(one - other).max() > 1e-3


def test_a_sample_at_full_scale_is_heard_like_any_other(tool: Any) -> None:
    """The library would take what equals the number of its padding, 1.0, for padding."""
    wave = talk(0.5).samples.copy()
    wave[1000:3000] = 1.0
    full, nearly = Audio.of(wave, RATE), Audio.of(np.minimum(wave, 1.0 - 1e-7), RATE)
    one, other = samples(tool, wanted(full), wanted(nearly))
    np.testing.assert_allclose(one, other, atol=1e-2)


@pytest.mark.parametrize(("bias", "share"), [(100.0, "LEAST"), (-100.0, "MOST")])
def test_it_ends_neither_much_too_early_nor_too_late(tool: Any, bias: float, share: str) -> None:
    wave = talk(2.0)
    tool([wanted(talk(0.3))])  # which loads the model
    tool._model.model.speech_decoder_postnet.prob_out.bias.data[:] = bias
    (made,) = samples(tool, wanted(wave))
    sounding = np.flatnonzero(np.abs(made).max(axis=1))[-1] / RATE
    assert sounding == pytest.approx(2.0 * getattr(module, share), abs=0.1)
    assert len(made) / RATE >= 2.0


def test_what_was_apart_stays_apart(tool: Any) -> None:
    """Each part begins when its original did; silence stays silence, and takes no time."""
    gap = Audio.silence(20.0, RATE).samples
    tool([wanted(talk(0.3))])
    tool._model.model.speech_decoder_postnet.prob_out.bias.data[:] = 100.0
    clip = Audio.of(np.concatenate([talk(2.0).samples, gap, talk(2.0).samples, gap]), RATE)
    (made,) = samples(tool, wanted(clip))
    assert len(made) == clip.frames
    pieces = module.windows(clip.samples[:, 0], RATE, module.WINDOW, module.SEARCH)
    spoken = [start for start, piece in pieces if np.abs(piece).max() > 0]
    assert len(spoken) == 2 < len(pieces)
    for start in spoken:
        assert np.abs(made[start : start + 2000]).max() > 0.0
        assert not np.abs(made[start - 2000 : start]).any()


def test_silence_is_given_back(tool: Any) -> None:
    for seconds in (0.0, 0.5):
        (made,) = samples(tool, wanted(Audio.silence(seconds, RATE)))
        assert len(made) == seconds * RATE and not made.any()


@pytest.mark.parametrize("step", [1, 3])
def test_it_is_stopped_between_two_steps(tool: Any, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    alive, asked = tool.alive, []

    def after_some(*_: Any) -> None:
        asked.append(0)
        if len(asked) == step:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([wanted(talk(1.0))])
    assert len(asked) == step


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match="speecht5_convert"):
        tool([wanted(talk(0.3))])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    (before,) = samples(tool, wanted(talk(0.3)))
    tool.unload()
    np.testing.assert_array_equal(before, samples(tool, wanted(talk(0.3)))[0])


def test_what_it_does_not_take_is_refused(tool: Any) -> None:
    for wrong in ({"voice": None}, {"voice": 1}, {"voice": "slt", "unheard_of": 1}):
        with pytest.raises(Refused):
            accept(module.TOOL, wrong)
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        tool([Request(accept(module.TOOL, {"voice": "slt"}), seed=1)])


@pytest.mark.parametrize("voice", ["anna", "../slt", "s*", "a\0b", "/etc/passwd"])
def test_a_voice_that_it_does_not_have_is_refused_before_anything_runs(tool: Any, voice: str) -> None:
    refusal = str(tool.refusal(accept(module.TOOL, {"voice": voice})))
    assert f"no voice '{voice}'" in refusal and "slt" in refusal
    with pytest.raises(Unavailable, match="speecht5_convert has no voice"):
        tool([wanted(talk(0.3), voice=voice)])


def test_an_x_vector_of_ones_own_is_a_voice_by_its_name(tool: Any, home: Path) -> None:
    np.save(home / "voices" / "grandma.npy", np.ones((1, 16), np.float64))
    request = wanted(talk(0.3), voice="grandma")
    assert tool.card.any_voice and tool.refusal(request.params) is None
    assert tool([request])[0].audio.seconds > 0.0


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"no numbers"])
def test_a_file_that_is_no_x_vector_is_named(tool: Any, home: Path, content: bytes) -> None:
    (home / "voices" / "odd.npy").write_bytes(content)
    with pytest.raises(Broken, match="holds no x-vector"):
        tool([wanted(talk(0.3), voice="odd")])


def test_it_is_ready_when_model_vocoder_and_voices_are_here(nothing_fetched: None, home: Path) -> None:
    here = module.Speecht5Convert()
    assert "wavagent tools fetch speecht5_convert" in str(here.lack())
    for part, below in (("", ""), ("vocoder", "vocoder")):
        use(here, here.weights_of(part), home / below)
    assert "wavagent tools fetch speecht5_convert --part voices --folder DIR" in str(here.lack())
    with pytest.raises(Unavailable, match="--part voices"):
        here([wanted(talk(0.3))])
    before = here.edition
    use(here, here.weights_of("voices"), home / "voices")
    assert here.lack() is None
    assert here.edition != before
    assert here([wanted(talk(0.3))])[0].audio.seconds > 0.0
    shutil.rmtree(home / "voices")
    assert "--part voices" in str(here.lack())


def test_a_wish_in_plain_words_reaches_it(tool: Any, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "talk.wav", talk(1.0).samples, RATE)
    treatment = wished("make it sound like slt")
    assert list(treatment.sentences()) == ["let the voice 'slt' say it"]
    box = Toolbox.of(installed()["recording"], tool)
    with Studio(Settings(str(tmp_path / "store"), workers=1), box) as studio:
        rendering = studio.render(treatment.script("talk.wav", "Talk"), tmp_path)
        assert rendering.compiled.graph["recording.1"].tool == "speecht5_convert"
        assert "recording.1" in rendering.made.ran and rendering.made.entries["recording.1"].seconds >= 1.0
        with pytest.raises(ScriptError, match=r"it has no voice 'grandma'; it has awb, bdl, "):
            studio.compile(wished("say it in grandma's voice").script("talk.wav", "Talk"), tmp_path)


def like(clip: Audio, reference: Audio | None, seed: int = 1) -> Request:
    heard = {"audio": clip} | ({"reference": reference} if reference is not None else {})
    return Request(accept(module.TOOL, {}), heard, seed)


def test_the_voice_of_a_recording_is_heard(tool: Any) -> None:
    clip = talk(0.5)
    assert tool.refusal(accept(module.TOOL, {})) is None
    one, again, other, slt = samples(
        tool,
        like(clip, talk(1.5, seed=3)),
        like(clip, talk(1.5, seed=3)),
        like(clip, talk(2.5, 44_100, 2, seed=4)),
        wanted(clip),
    )
    np.testing.assert_array_equal(one, again)
    for another in (other, slt):
        assert one.shape != another.shape or np.abs(one - another).max() > 1e-3


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        (None, "takes a `voice`, or the clip 'reference'"),
        (Audio.silence(0.5, RATE), r"the reference lasts 0\.5 s"),
        (Audio.silence(61.0, 8_000), r"the reference lasts 61\.0 s"),
        (Audio.silence(2.0, RATE), "nothing is heard in the reference"),
    ],
)
def test_a_recording_without_a_voice_in_it_is_refused(tool: Any, reference: Audio | None, why: str) -> None:
    with pytest.raises(Refused, match=why):
        tool([like(talk(0.3), reference)])


def test_an_x_vector_is_the_same_at_any_loudness_and_of_length_one(tiny: Any) -> None:
    """What SpeechBrain itself finds was compared once: the two differ by no more than the noise that it adds."""
    import torch

    net = importlib.import_module("tests.tiny.speecht5_convert").net()
    tdnn = importlib.import_module("wavagent.tools._tdnn")
    wave = talk(1.0).samples[:, 0]
    one, quiet, other = (tdnn.xvector(net, each) for each in (wave, 0.1 * wave, talk(1.0, seed=5).samples[:, 0]))
    assert one.shape == (16,) and torch.linalg.norm(one) == pytest.approx(1.0)
    np.testing.assert_allclose(one, quiet, atol=1e-4)
    assert np.abs(one - other).max() > 1e-3
    del net["blocks.16.w.weight"]
    with pytest.raises(Broken, match="they lack blocks.16.w.weight"):
        tdnn.xvector(net, wave)


def test_the_net_that_finds_voices_is_fetched_apart(nothing_fetched: None, home: Path) -> None:
    import torch

    here = module.Speecht5Convert()
    for part in ("", "vocoder", "voices"):
        use(here, here.weights_of(part), home / part)
    assert here.lack() is None
    assert "fetch speecht5_convert --part speaker --allow-pickle" in str(here.refusal(accept(module.TOOL, {})))
    with pytest.raises(Unavailable, match="--part speaker --allow-pickle"):
        here([like(talk(0.3), talk(1.5))])
    before = here.edition
    pickled = home / "pickled"
    pickled.mkdir()
    torch.save(importlib.import_module("tests.tiny.speecht5_convert").net(), pickled / "embedding_model.ckpt")
    with pytest.raises(InputError, match=r"only as pickles \(embedding_model\.ckpt\).*--allow-pickle"):
        use(here, here.weights_of("speaker"), pickled)
    use(here, here.weights_of("speaker"), pickled, pickle=True)
    assert here.refusal(accept(module.TOOL, {})) is None and here.edition != before
    assert here([like(talk(0.3), talk(1.5))])[0].audio.seconds > 0.0


def test_pickles_are_not_opened(home: Path, tool: Any) -> None:
    import torch

    for part in (home, home / "vocoder"):
        (part / "model.safetensors").unlink()
        torch.save({}, part / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        tool([wanted(talk(0.3))])
