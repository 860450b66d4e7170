"""pocket_tts: English speech by Kyutai's Pocket TTS (2026), small enough for a CPU, as transformers runs it.

A voice is what the model remembers of somebody it heard: of a recording, which is cloned so, or of one of the voices
that come with the weights, each a file `voices/NAME.safetensors`. Names of files of one's own are voices as well.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from math import ceil, sqrt
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Unavailable
from wavagent.tool import Card, CloningParams, Gender, Licence, Params, Request, Result, Tool, VoiceCard, Weights
from wavagent.weights import folder_of

from ._expert import Expert, Place, drawn, in_batches, reference
from ._pocket import Heard, cloned, shipped

LONGEST = 30.0
"""Seconds of a line, and of a reference, at most."""

_LEAST = 1.0
"""Seconds of a reference, at least."""

_KEPT = 16
"""Voices that are remembered: 18 MB each, when they were heard for 30 s."""

_VOICES: Mapping[str, Gender] = {
    "alba": "female",
    "anna": "female",
    "azelma": "female",
    "bill_boerst": "male",
    "caro_davy": "female",
    "charles": "male",
    "eponine": "female",
    "eve": "female",
    "fantine": "female",
    "george": "male",
    "jane": "female",
    "javert": "male",
    "marius": "male",
    "mary": "female",
    "michael": "male",
    "paul": "male",
    "peter_yearsley": "male",
    "stuart_bell": "male",
    "vera": "female",
}
"""Kyutai's catalogue, without cosette and jean: the recordings of these two are not for commercial use."""

_SETTINGS = ("short_text_max_words", "frames_after_eos_short_text", "frames_after_eos", "fade_in_duration")
"""Of the processor, besides its parts."""


class PocketTtsParams(CloningParams):
    """What Pocket TTS takes. `temperature` is how freely it speaks; None: as its weights were published to be used."""

    temperature: float | None = Field(default=None, gt=0.0, le=2.0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model, its processor with the codec, where the voices are, and those that it remembers by now."""

    model: Any
    processor: Any
    voices: Path
    heard: dict[str, Heard] = field(default_factory=dict)


class PocketTts(Expert[Loaded]):
    """Frame by frame, each drawn whole and not in codes, from noise of the row's own."""

    card: ClassVar[Card] = Card(
        name="pocket_tts",
        version="1",
        task="speech",
        summary="English speech on a CPU with Kyutai's Pocket TTS, which also clones a voice; up to 30 s a line",
        languages=("en",),
        voices=tuple(
            VoiceCard(id=id, name=id.replace("_", " ").title(), language="en", gender=gender)
            for id, gender in _VOICES.items()
        ),
        rate=24_000,
        longest=LONGEST,
        longest_text=220,
        batch=8,
        pool="cpu",
        on_request=True,
        any_voice=True,
        clones=True,
        memory_mb=1_000,
        deterministic=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-4.0", commercial=True),
        weights=(
            Weights(repo="eustlb/pocket-tts", megabytes=360),
            Weights(repo="eustlb/pocket-tts-audio-tokenizer", megabytes=80, part="codec"),
        ),
        attribution=("Pocket TTS, by Kyutai (CC BY 4.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = PocketTtsParams

    def load(self, place: Place) -> Loaded:
        """On the CPU, whatever else there is: a step is too little work for a GPU."""
        from transformers import PocketTTSAudioTokenizerModel, PocketTTSForConditionalGeneration

        folder, beside = place.folder, place.of("codec")
        model = PocketTTSForConditionalGeneration.from_pretrained(folder, **place.loading).float().eval()
        codec = PocketTTSAudioTokenizerModel.from_pretrained(beside.folder, **beside.loading).float().eval()
        return Loaded(model, _processor(folder, codec), folder / "voices")

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(requests, _alike, lambda lines: [Result(clip) for clip in self._together(model, lines)])

    def refusal(self, params: PocketTtsParams) -> str | None:
        if params.voice in _VOICES or params.voice in (here := self._here()):
            return None
        some = ", ".join(here or _VOICES)
        return f"pocket_tts has no voice '{params.voice}'; it has {some}, or clones that of a reference"

    def seconds(self, params: PocketTtsParams) -> float:
        return min(LONGEST, max(1.0, len(params.text) / 14.0))

    def speaking(self, language: str) -> tuple[VoiceCard, ...]:
        here = self._here()
        return tuple(voice for voice in super().speaking(language) if voice.id in here)

    def _here(self) -> Sequence[str]:
        """The names of the voices that came with the weights."""
        try:
            folder = self._folders[""] if self._folders is not None else folder_of(self, self.card.weights[0])
        except Unavailable:
            return ()
        return tuple(sorted(path.stem for path in (folder / "voices").glob("*.safetensors")))

    def _together(self, loaded: Loaded, requests: Sequence[Request]) -> list[Audio]:
        """Lines of one voice with the same settings, as one batch."""
        model, params, voice = loaded.model, requests[0].params, self._voice(loaded, requests[0])
        told = _told(loaded.processor, [request.params.text for request in requests])
        steps = _steps(model, told)
        temperature = params.temperature or model.generation_config.temperature or 0.7
        with self._drawing(model, [request.seed or 0 for request in requests], temperature):
            made = model.generate(
                **told,
                past_key_values=voice.cache(model, len(requests)),
                do_sample=False,
                max_new_tokens=max(steps),
                return_dict_in_generate=True,
            )
        for mask, most in zip(made.audio_latents_mask, steps, strict=True):
            mask[most:] = 0  # it went on for a longer one's sake
        waves = loaded.processor.decode(made.audio_latents, made.audio_latents_mask)
        return [Audio.of(wave.numpy(), self.card.rate) for wave in waves]

    def _voice(self, loaded: Loaded, request: Request) -> Heard:
        """What the line is said from. Raises Refused, Unavailable and Broken."""
        key, heard = _whose(request), loaded.heard
        if key not in heard:
            wave = reference(request, "pocket_tts", self.card.rate, _LEAST, LONGEST)
            if wave is None and (reason := self.refusal(request.params)):
                raise Unavailable(reason)
            if len(heard) >= _KEPT:
                del heard[next(iter(heard))]
            heard[key] = (
                shipped(loaded.model, loaded.voices / f"{request.params.voice}.safetensors")
                if wave is None
                else cloned(loaded.model, loaded.processor, wave)
            )
        return heard[key]

    @contextmanager
    def _drawing(self, model: Any, seeds: Sequence[int], temperature: float) -> Iterator[None]:
        """In the block every row's frames are drawn from noise of its own, and the run may be stopped between two."""
        import torch

        generators = [torch.Generator("cpu").manual_seed(seed) for seed in seeds]
        theirs = model.sample_latent

        def with_noise(condition: Any, noise: Any, steps: int) -> Any:
            self.alive()
            own = torch.stack([torch.randn(noise.shape[1], generator=one) for one in generators])
            return theirs(condition, (own * sqrt(temperature)).to(noise), steps)

        model.sample_latent = with_noise
        try:
            with drawn(0, "cpu"):  # the noise that the library draws is left unused, but others may be drawing as well
                yield
        finally:
            del model.sample_latent


def _processor(folder: Path, codec: Any) -> Any:
    """The processor of the weights in `folder`, with `codec`: by itself it would look for one under a name."""
    from transformers import AutoTokenizer, PocketTTSFeatureExtractor, PocketTTSProcessor

    hearing = PocketTTSFeatureExtractor.from_pretrained(folder, local_files_only=True)
    words = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    settings = json.loads((folder / "processor_config.json").read_text("utf-8"))
    return PocketTTSProcessor(
        hearing,
        words,
        audio_tokenizer=codec,
        chat_template=(folder / "chat_template.jinja").read_text("utf-8"),
        **{name: settings[name] for name in _SETTINGS if name in settings},
    )


def _told(processor: Any, texts: Sequence[str]) -> Any:
    """The texts as the model takes them, without what it would take for its own signs."""
    signs = re.compile("|".join(map(re.escape, processor.placeholder_tokens)))
    turns = [[{"role": "user", "content": [{"type": "text", "text": signs.sub(" ", text)}]}] for text in texts]
    prompts = [processor.apply_chat_template(turn) for turn in turns]
    return processor(text=prompts, padding=True, padding_side="left", return_tensors="pt")


def _steps(model: Any, told: Any) -> list[int]:
    """The most frames for each text, as Kyutai counts them: one that never ends by itself is cut."""
    rate = model.config.frame_rate
    tokens = (told["attention_mask"].sum(1) - 1).tolist()  # the last is the sign for the first frame
    return [min(ceil((count / 3 + 2) * rate), int(LONGEST * rate)) for count in tokens]


def _whose(request: Request) -> str:
    """The voice of a request, by its name or by the recording."""
    given = request.inputs.get("reference")
    if given is None:
        return f"voice {request.params.voice}"
    return f"clip {blake2b(given.samples.tobytes()).hexdigest()} {given.rate} {given.channels}"


def _alike(request: Request) -> tuple[str, float]:
    """What lines must have in common to be one batch."""
    return _whose(request), request.params.temperature or 0.0


TOOL: Tool = PocketTts()
