"""What MusicGen is told before it begins: the states of the words, and what was heard."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prompt:
    """What `clips` pieces begin from.

    `told`: what the decoder attends to, of shape (rows, states, width). There are twice as many rows as clips where it
    is guided: with the words, then without. `counts`: which of them are there, of shape (rows, states), 0 or 1; None
    where they are not beside the codes but before them (MusicGen Melody).
    `heard`: the codes of what it goes on from, of shape (clips, books, frames); None where it begins.
    """

    clips: int
    told: Any
    counts: Any = None
    heard: Any = None


def of_words(model: Any, told: Any, guided: bool) -> Prompt:
    """The prompt of `model`, a MusicGen, from what its processor made of words, and of sound where there is any."""
    import torch

    words, counts = _words(model, told), told["attention_mask"]
    if guided:
        words = torch.cat([words, torch.zeros_like(words)])
        counts = torch.cat([counts, torch.ones_like(counts)])  # nothing but zeros: to attend to them says nothing
    heard = None
    if "input_values" in told:
        heard = model.audio_encoder.encode(told["input_values"], told.get("padding_mask")).audio_codes[0]
    return Prompt(len(told["input_ids"]), words, counts, heard)


def of_tunes(model: Any, told: Any, tunes: Any, guided: bool) -> Prompt:
    """The prompt of `model`, a MusicGen Melody, from its tokens and `tunes`, of shape (clips, moments, classes)."""
    import torch

    words = _words(model, told)
    if guided:
        words = torch.cat([words, torch.zeros_like(words)])
        silent = torch.zeros_like(tunes)
        silent[:, :, 0] = 1  # what the model was trained to take for no melody
        tunes = torch.cat([tunes, silent])
    if model.config.num_chroma != model.decoder.config.hidden_size:
        tunes = model.audio_enc_to_dec_proj(tunes)
    return Prompt(len(told["input_ids"]), torch.cat([tunes, words], 1))


def _words(model: Any, told: Any) -> Any:
    """The states of the words, as wide as the decoder; zero where a row has none."""
    states = model.text_encoder(told["input_ids"], told["attention_mask"]).last_hidden_state
    if model.text_encoder.config.hidden_size != model.decoder.config.hidden_size:
        states = model.enc_to_dec_proj(states)
    return states * told["attention_mask"][..., None]
