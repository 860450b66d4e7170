"""Models of Coqui's TTS with little in them, built where TTS is installed: `KIND FOLDER ...` makes one after the other.

Their settings name files as published ones do: by where they lay when somebody trained the model.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ELSEWHERE = "/home/somebody/training"

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def small(**more: Any) -> dict[str, Any]:
    """One layer of everything."""
    return {
        "hidden_channels": 16,
        "hidden_channels_ffn_text_encoder": 32,
        "num_heads_text_encoder": 2,
        "num_layers_text_encoder": 1,
        "num_layers_flow": 1,
        "num_layers_posterior_encoder": 1,
        "upsample_initial_channel_decoder": 32,
        "upsample_rates_decoder": [8, 8, 2, 2],
        "upsample_kernel_sizes_decoder": [16, 16, 4, 4],
        "resblock_kernel_sizes_decoder": [3],
        "resblock_dilation_sizes_decoder": [[1, 3, 5]],
        "init_discriminator": False,
        **more,
    }


def letters(phonemes: str | None = None) -> Any:
    from TTS.tts.configs.shared_configs import CharactersConfig

    return CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        pad="_",
        eos="",
        bos="",
        blank=" ",
        characters=LETTERS,
        punctuations="!'(),-.:;? ",
        phonemes=phonemes,
    )


def save(config: Any, folder: Path, **told: Any) -> None:
    """The model of `config`, with `told` in its settings."""
    import torch
    from TTS.tts.models.vits import Vits

    model = Vits(config)
    with torch.no_grad():
        model.waveform_decoder.conv_post.weight.mul_(5.0)  # to be heard at all
    torch.save({"model": model.state_dict()}, folder / "model_file.pth")
    settings = {**config.to_dict(), **told}
    settings["model_args"] = {**settings["model_args"], **{name: told[name] for name in told}}
    (folder / "config.json").write_text(json.dumps(settings))


def one(folder: Path) -> None:
    """One speaker, who reads letters."""
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import VitsArgs

    config = VitsConfig(
        model_args=VitsArgs(**small()), use_phonemes=False, text_cleaner="basic_cleaners", characters=letters()
    )
    save(config, folder)


def many(folder: Path) -> None:
    """Two speakers, who read the phonemes of English."""
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import VitsArgs

    (folder / "speaker_ids.json").write_text(json.dumps({"ED\n": 0, "p225": 1}))
    config = VitsConfig(
        model_args=VitsArgs(**small(), use_speaker_embedding=True, speakers_file=str(folder / "speaker_ids.json")),
        use_phonemes=True,
        phonemizer="espeak",
        phoneme_language="en",
        text_cleaner="english_cleaners",
        characters=letters("ˈˌːəɐɑɒæɛɪɔʊʌɜɚɹʃʒθðŋɡʤʧ"),
    )
    save(config, folder, speakers_file=f"{ELSEWHERE}/speaker_ids.json")


def yourtts(folder: Path) -> None:
    """Three languages, and whoever is heard by a speaker encoder."""
    import torch
    from TTS.config.shared_configs import BaseAudioConfig
    from TTS.encoder.configs.speaker_encoder_config import SpeakerEncoderConfig
    from TTS.encoder.models.resnet import ResNetSpeakerEncoder
    from TTS.tts.configs.vits_config import VitsConfig
    from TTS.tts.models.vits import VitsArgs

    audio = BaseAudioConfig(
        sample_rate=16_000, fft_size=512, win_length=400, hop_length=160, num_mels=64, preemphasis=0.97, mel_fmin=0.0
    )
    hearing = {"model_name": "resnet", "input_dim": 64, "use_torch_spec": True, "log_input": True, "proj_dim": 16}
    training = {"num_classes_in_batch": 2, "num_utter_per_class": 2, "num_loader_workers": 0}
    encoder = SpeakerEncoderConfig(audio=audio, model_params=hearing, **training)
    heard = ResNetSpeakerEncoder(
        input_dim=64, proj_dim=16, log_input=True, use_torch_spec=True, audio_config=encoder.audio
    )
    torch.save({"model": heard.state_dict()}, folder / "model_se.pth")
    (folder / "config_se.json").write_text(json.dumps(encoder.to_dict()))
    names = ("female-en-5", "female-en-5\n", "male-en-2", "male-pt-3\n")
    vectors = {
        f"{n}.wav": {"name": name, "embedding": [float(n == at) for at in range(16)]} for n, name in enumerate(names)
    }
    (folder / "speakers.json").write_text(json.dumps(vectors))
    (folder / "language_ids.json").write_text(json.dumps({"en": 0, "fr-fr": 1, "pt-br": 2}))
    files = {
        "d_vector_file": "speakers.json",
        "language_ids_file": "language_ids.json",
        "speaker_encoder_model_path": "model_se.pth",
        "speaker_encoder_config_path": "config_se.json",
    }
    here = {what: str(folder / name) for what, name in files.items()}
    config = VitsConfig(
        model_args=VitsArgs(
            **small(use_d_vector_file=True, d_vector_dim=16, use_language_embedding=True, embedded_language_dim=4),
            **{**here, "d_vector_file": [here["d_vector_file"]]},
        ),
        audio=BaseAudioConfig(sample_rate=16_000, hop_length=256),
        use_phonemes=False,
        text_cleaner="multilingual_cleaners",
        characters=letters(),
    )
    there = {what: f"{ELSEWHERE}/{name}" for what, name in files.items()}
    save(config, folder, **{**there, "d_vector_file": [there["d_vector_file"]]})


def xtts(folder: Path) -> None:
    """XTTS with one layer; its vocoder and its speaker encoder come in one size (90 MB)."""
    import torch
    from tokenizers import Tokenizer, models
    from TTS.tts.configs.xtts_config import XttsConfig
    from TTS.tts.models.xtts import Xtts, _legacy_safe_globals

    config = XttsConfig()
    marks = ["[STOP]", "[UNK]", "[SPACE]", "[START]", *(f"[{language}]" for language in config.languages)]
    known = [*marks, *LETTERS, *".,!?'"]
    reader = Tokenizer(models.BPE(vocab={sign: n for n, sign in enumerate(known)}, merges=[], unk_token="[UNK]"))
    reader.add_special_tokens(marks)
    reader.save(str(folder / "vocab.json"))
    little = {"gpt_layers": 1, "gpt_n_model_channels": 32, "gpt_n_heads": 2, "gpt_max_audio_tokens": 24}
    for name, value in {**little, "decoder_input_dim": 32, "gpt_use_perceiver_resampler": True}.items():
        setattr(config.model_args, name, value)
    config.model_args.gpt_number_text_tokens = len(known)
    config.model_args.gpt_start_text_token, config.model_args.gpt_stop_text_token = 3, 0
    model = Xtts(config)
    with _legacy_safe_globals():  # as it was published: its settings beside its weights, as objects of the library
        torch.save({"config": config, "model": model.state_dict()}, folder / "model.pth")
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    voice = {"gpt_cond_latent": torch.randn(1, 32, 32), "speaker_embedding": torch.randn(1, 512, 1)}
    torch.save(
        {"Ana Florence": voice, "Damien Black": {name: -what for name, what in voice.items()}},
        folder / "speakers_xtts.pth",
    )


KINDS: Mapping[str, Callable[[Path], None]] = {"one": one, "many": many, "yourtts": yourtts, "xtts": xtts}


def main() -> None:
    import importlib

    import torch

    importlib.import_module("wavagent.tools._coqui").prepared()
    torch.set_num_threads(1)
    for kind, folder in zip(sys.argv[1::2], map(Path, sys.argv[2::2]), strict=True):
        if kind == "many":
            importlib.import_module("wavagent.tools._coqui.phonemizer").bundled()
        torch.manual_seed(0)
        folder.mkdir(parents=True, exist_ok=True)
        KINDS[kind](folder)


if __name__ == "__main__":
    main()
