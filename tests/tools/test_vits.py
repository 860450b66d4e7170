"""What is particular about VITS: a model for every language, of which a person fetches some."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent import weights
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Request, Toolbox
from wavagent.weights import use

pytestmark = pytest.mark.usefixtures("models")
vits = importlib.import_module("wavagent.tools.vits")


def line(text: str = "Who is there?", voice: str = "eng", **params: Any) -> Request:
    return Request(vits.VitsParams(text=text, voice=voice, **params), seed=1)


@pytest.fixture
def tool(tiny: Any) -> Any:
    return vits.Vits({"eng": tiny("vits"), "yor": tiny("vits")})


def test_pace_makes_it_shorter(tool: Any) -> None:
    slow, fast = (tool([line("It was a dark and stormy night.", pace=pace)])[0].audio.seconds for pace in (0.5, 2.0))
    assert fast < slow


def test_variety_is_kept_apart_from_line_to_line(tool: Any) -> None:
    flat, lively, again = tool([line(variety=0.0), line(variety=1.5), line(variety=0.0)])
    assert np.abs(flat.audio.samples - lively.audio.samples).max() > 1e-6
    np.testing.assert_array_equal(flat.audio.samples, again.audio.samples)


def test_only_voices_whose_weights_are_here_are_cast(tool: Any, nothing_fetched: None, tiny: Any) -> None:
    assert Toolbox.of(tool).preferring("vits").voices("en-GB")[0][1].id == "eng"
    assert Toolbox.of(tool).preferring("vits").voices("de") == []
    here = vits.Vits()
    assert here.speaking("de") == ()
    use(here, here.weights_of("deu"), tiny("vits"))
    assert [voice.id for voice in here.speaking("de")] == ["deu"]
    assert here.lack() is None
    assert "--part fra" in str(here.refusal(vits.VitsParams(text="Oui.", voice="fra")))


def test_a_voice_whose_weights_are_gone_is_not_cast_and_the_others_speak_on(
    nothing_fetched: None, tiny: Any, tmp_path: Path
) -> None:
    here = vits.Vits()
    gone = Path(shutil.copytree(tiny("vits"), tmp_path / "gone"))
    for code, folder in (("deu", gone), ("eng", tiny("vits"))):
        use(here, here.weights_of(code), folder)
    weights._write("vits/fra", weights.Pin("facebook/mms-tts-fra", "1" * 40))
    shutil.rmtree(gone)
    assert here.speaking("de") == here.speaking("fr") == ()
    assert [voice.id for voice in here.speaking("en")] == ["eng"]
    assert here.lack() is None and [one.part for one in here.chosen()] == ["eng"]
    assert here([line()])[0].audio.seconds > 0.0
    with pytest.raises(Unavailable, match=r"gone', which is no folder any more: wavagent tools fetch vits --part deu"):
        here([line(voice="deu")])
    with pytest.raises(Unavailable, match=r"mms-tts-fra .*: wavagent tools fetch vits --part fra"):
        here([line(voice="fra")])


def test_pickles_are_allowed_of_one_voice_and_not_of_another(nothing_fetched: None, tiny: Any, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    here = vits.Vits()
    for code, allowed in (("deu", True), ("fra", False), ("eng", False)):
        home = Path(shutil.copytree(tiny("vits"), tmp_path / code))
        use(here, here.weights_of(code), home, pickle=allowed)  # as it is now; then it is another
        if code != "eng":
            torch.save(load_file(home / "model.safetensors"), home / "pytorch_model.bin")
            (home / "model.safetensors").unlink()
    assert all(made.audio.seconds > 0.0 for made in here([line(), line(voice="deu")]))
    with pytest.raises(Unavailable, match=r"tool 'vits' finds no model.safetensors in '.*/fra'; .*--allow-pickle"):
        here([line(voice="fra")])
    use(here, here.weights_of("fra"), tmp_path / "fra", pickle=True)
    assert here([line(voice="fra")])[0].audio.seconds > 0.0


def test_a_language_that_the_card_does_not_name_is_fetched_by_its_code(nothing_fetched: None, tiny: Any) -> None:
    here = vits.Vits()
    weights = here.weights_of("abi")
    assert weights.repo == "facebook/mms-tts-abi"
    use(here, weights, tiny("vits"))
    assert here([line(voice="abi")])[0].audio.seconds > 0.0
    assert here.weights_of("abi/../..") is None


def test_another_languages_weights_do_not_make_this_one_again(nothing_fetched: None, tiny: Any, tmp_path: Path) -> None:
    here = vits.Vits()
    use(here, here.weights_of("eng"), tiny("vits"))
    before = here.edition_of(line().params)
    (tmp_path / "model.safetensors").touch()
    use(here, here.weights_of("deu"), tmp_path)
    assert here.edition_of(line().params) == before != here.edition_of(line(voice="deu").params)


def test_a_text_without_a_letter_that_the_voice_knows_is_refused(tool: Any) -> None:
    with pytest.raises(Refused, match="knows no letter"):
        tool([line("你好")])


def test_a_voice_that_reads_latin_letters_only_says_what_it_needs(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tool([line()])
    monkeypatch.setattr(tool._model["eng"].tokenizer, "is_uroman", True)
    assert tool([line()])[0].audio.seconds > 0.0
    with pytest.raises(Unavailable, match="pip install uroman"):
        tool([line("안녕하세요")])


def test_every_voice_of_the_card_has_weights(tool: Any) -> None:
    parts = {weights.part: weights for weights in tool.card.weights}
    assert {voice.id for voice in tool.card.voices} == set(parts)
    assert all(tool.weights_of(part) == weights for part, weights in parts.items())
    assert all(weights.optional for weights in parts.values())
