"""AudioGen and MusicGen as audiocraft exports them, with two layers of everything, and their T5.

Built where audiocraft is installed: `python -m tests.tiny.audiocraft FOLDER` there writes a folder for each tool.
"""

import importlib
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from . import demucs, latent

TOOLS = {"audiogen": (16_000, 3), "audiocraft_musicgen": (32_000, 19), "audiocraft_melody": (32_000, 19)}
"""The rate of each tool, and the seconds of its window: about as short as audiocraft lets them be."""

LAYERS = {"n_q": 4, "card": 64, "dim": 16, "num_heads": 2, "num_layers": 2, "hidden_scale": 4, "dropout": 0.0}

PUBLISHED = {
    "memory_efficient": True,
    "causal": True,
    "custom": False,
    "norm_first": True,
    "bias_proj": False,
    "bias_ff": False,
    "bias_attn": False,
    "attention_as_float32": False,
    "positional_embedding": "sin",
    "weight_init": "gaussian",
    "depthwise_init": "current",
    "zero_bias_init": True,
    "two_step_cfg": False,
}
"""How the published models' layers are set."""


def build(folder: Path) -> None:
    import torch

    importlib.import_module("wavagent.tools._audiocraft").stand_in()
    from audiocraft.models import builders
    from audiocraft.modules.conditioners import T5Conditioner

    torch.manual_seed(0)
    text = folder / "text"
    latent.t5_tokenizer().save_pretrained(text)
    latent.t5(16).save_pretrained(text)
    T5Conditioner.MODELS.append(str(text))
    T5Conditioner.MODELS_DIMS[str(text)] = 16
    (folder / "stems").mkdir()
    whole = {"_type": "fraction", "numerator": 20, "denominator": 1}  # one is quicker than fifty
    with patch.dict(demucs.SETTINGS, segment=whole, t_layers=0):
        demucs.build(folder / "stems")
    for tool, (rate, window) in TOOLS.items():
        (folder / tool).mkdir(parents=True)
        codec = builders.get_compression_model(of(codec_settings(rate)))
        save(folder / tool / "compression_state_dict.bin", codec, codec_settings(rate))
        asked = decoder_settings(rate, window, melody="melody" in tool)
        save(folder / tool / "state_dict.bin", decoder(asked, text), asked)


def of(settings: dict[str, Any]) -> Any:
    from omegaconf import OmegaConf

    return OmegaConf.create({**settings, "device": "cpu", "dtype": "float32"})


def save(file: Path, model: Any, settings: dict[str, Any]) -> None:
    """As `audiocraft.utils.export` does it."""
    import torch
    from omegaconf import OmegaConf

    about = {"version": "1.3.0", "exported": True}
    torch.save({"best_state": model.state_dict(), "xp.cfg": OmegaConf.to_yaml(of(settings)), **about}, file)


def codec_settings(rate: int) -> dict[str, Any]:
    side: dict[str, Any] = {}
    return {
        "compression_model": "encodec",
        "sample_rate": rate,
        "channels": 1,
        "encodec": {
            "autoencoder": "seanet",
            "quantizer": "rvq",
            "sample_rate": "${sample_rate}",
            "channels": "${channels}",
            "causal": False,
            "renormalize": False,
        },
        "seanet": {
            "dimension": 8,
            "channels": "${channels}",
            "causal": "${encodec.causal}",
            "n_filters": 2,
            "n_residual_layers": 1,
            "ratios": [8, 5, 4, rate // 8_000],  # 50 steps a second
            "norm": "weight_norm",
            "lstm": 1,
            "decoder": side,
            "encoder": side,
        },
        "rvq": {"n_q": 4, "bins": 64, "kmeans_init": False},
    }


def decoder_settings(rate: int, window: int, melody: bool) -> dict[str, Any]:
    words = {"model": "t5", "t5": {"name": "t5-base", "finetune": False, "word_dropout": 0.2, "normalize_text": False}}
    heard: dict[str, Any] = {"description": words}
    if melody:
        chroma = {
            "sample_rate": "${sample_rate}",
            "n_chroma": 12,
            "radix2_exp": 11,
            "argmax": True,
            "match_len_on_eval": False,
            "eval_wavs": None,
            "n_eval_wavs": 100,
            "cache_path": None,
        }
        heard = {"self_wav": {"model": "chroma_stem", "chroma_stem": chroma}, **heard}
    return {
        "lm_model": "transformer_lm",
        "sample_rate": rate,
        "dataset": {"segment_duration": window},
        "compression_model_n_q": None,
        "interleave_stereo_codebooks": {"use": False},
        "codebooks_pattern": {"modeling": "delay", "delay": {"delays": [0, 1, 2, 3]}},
        "transformer_lm": {**LAYERS, **PUBLISHED},
        "attribute_dropout": {},
        "classifier_free_guidance": {"training_dropout": 0.1, "inference_coef": 3.0},
        "fuser": {
            "cross_attention_pos_emb": False,
            "cross_attention_pos_emb_scale": 1,
            "sum": [],
            "prepend": list(heard) if melody else [],
            "cross": [] if melody else list(heard),
            "input_interpolate": [],
        },
        "conditioners": heard,
    }


def decoder(settings: dict[str, Any], text: Path) -> Any:
    """The language model of `settings`, with weights so large that words and melodies are heard."""
    from audiocraft.models import builders
    from demucs.htdemucs import HTDemucs

    asked = of(settings)
    asked.conditioners.description.t5.name = str(text)
    with patch("demucs.pretrained.get_model", lambda name: HTDemucs(**{**demucs.SETTINGS, "segment": 1})):
        model = builders.get_lm_model(asked)
    for name, weights in model.named_parameters():
        if weights.dim() > 1 and not name.startswith("emb"):
            weights.data.mul_(4)
    return model


if __name__ == "__main__":
    build(Path(sys.argv[1]))
