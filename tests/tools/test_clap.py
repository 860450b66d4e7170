import importlib
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Params, Request, ScoreParams, accept

clap = importlib.import_module("wavagent.tools.clap")
detect = importlib.import_module("wavagent.tools.clap_detect")
embed = importlib.import_module("wavagent.tools.clap_embed")

pytestmark = pytest.mark.usefixtures("models")


def noise(seconds: float, seed: int) -> dict[str, Audio]:
    time = np.arange(round(seconds * 16_000)) / 16_000
    sound = 0.2 * np.sin(900 * seed * time) + np.random.default_rng(seed).normal(0, 0.02, len(time))
    return {"audio": Audio.of(sound, 16_000)}


def test_the_score_is_the_cosine_of_what_the_model_itself_says(tiny: Any) -> None:
    import torch
    from transformers import AutoFeatureExtractor, AutoTokenizer, ClapModel

    folder = tiny("clap")
    model = ClapModel.from_pretrained(folder).eval()
    tokens = AutoTokenizer.from_pretrained(folder)(["a dog barks"], return_tensors="pt")
    clip = noise(1.5, 1)
    wave = importlib.import_module("wavagent.tools._expert").heard(clip["audio"], 48_000)
    told = AutoFeatureExtractor.from_pretrained(folder)(wave, sampling_rate=48_000, return_tensors="pt")
    with torch.no_grad():
        made = model(input_ids=tokens["input_ids"], attention_mask=tokens["attention_mask"], **told)
    expected = float(made.logits_per_audio[0, 0] / model.logit_scale_a.exp())
    (result,) = clap.ClapScore({"": folder})([Request(ScoreParams(what="a dog barks"), clip)])
    assert result.data["score"] == pytest.approx(expected, abs=1e-5)


def test_the_score_follows_from_the_sound_and_from_the_words(tiny: Any) -> None:
    tool = clap.ClapScore({"": tiny("clap")})
    asked = [(what, seed) for what in ("a dog barks", "heavy rain on a tin roof") for seed in (1, 2)]
    scores = [one.data["score"] for one in tool([Request(ScoreParams(what=w), noise(1.0, s)) for w, s in asked])]
    assert len({round(score, 5) for score in scores}) == 4
    assert all(-1.0 <= score <= 1.0 for score in scores)


def test_a_very_long_description_is_read_as_far_as_it_goes(tiny: Any) -> None:
    (result,) = clap.ClapScore({"": tiny("clap")})([Request(ScoreParams(what="rain " * 500), noise(1.0, 1))])
    assert -1.0 <= result.data["score"] <= 1.0


def test_an_embedding_has_length_one_and_is_the_middle_of_its_windows(
    tiny: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = embed.ClapEmbed({"": tiny("clap")})
    monkeypatch.setattr(importlib.import_module("wavagent.tools._clap.space"), "WINDOW", 1.0)
    whole = noise(2.0, 1)["audio"]
    halves = [{"audio": Audio(part, whole.rate)} for part in np.split(whole.samples, 2)]
    points = [np.array(one.data["embedding"]) for one in tool([Request(Params(), {"audio": whole})])]
    first, second = (np.array(one.data["embedding"]) for one in tool([Request(Params(), half) for half in halves]))
    assert np.linalg.norm(points[0]) == pytest.approx(1.0, abs=1e-5)
    expected = (first + second) / np.linalg.norm(first + second)
    np.testing.assert_allclose(points[0], expected, atol=0.02)  # the resampler sees other ends


def test_it_tells_the_named_sounds_apart_and_when(tiny: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("wavagent.tools._clap.space"), "WINDOW", 1.0)
    tool = detect.ClapDetect({"": tiny("clap")})
    asked = detect.ClapDetectParams(labels=("a dog", "rain", "a slamming door"), threshold=0.01)
    (result,) = tool([Request(asked, noise(2.0, 1))])
    assert set(result.data["labels"]) == set(asked.labels)
    assert list(result.data["labels"].values()) == sorted(result.data["labels"].values(), reverse=True)
    best = next(iter(result.data["labels"]))
    event = next(event for event in result.data["events"] if event["label"] == best)
    assert (event["start"], event["end"]) == (0.0, 2.0)
    assert event["likely"] == result.data["labels"][best]


def test_a_single_label_is_refused() -> None:
    with pytest.raises(Refused, match="labels"):
        accept(detect.TOOL, {"labels": ("rain",)})
    with pytest.raises(Refused, match="what"):
        accept(clap.TOOL, {"what": ""})
