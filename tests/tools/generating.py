"""What transformers' own `generate` makes of the same noise: what a decoder of ours is held against."""

from typing import Any


def generated(model: Any, rows: Any, **given: Any) -> Any:
    """The codes of a MusicGen, of shape (clips, books, frames), on their way to the codec."""
    seen: list[Any] = []
    codec, decode = model.audio_encoder, model.audio_encoder.decode

    def listened(codes: Any, *arguments: Any, **options: Any) -> Any:
        seen.append(codes[0])
        return decode(codes, *arguments, **options)

    codec.decode = listened
    try:
        model.generate(**given, do_sample=False, logits_processor=_last(rows))
    finally:
        del codec.decode
    return seen[0]


def _last(rows: Any) -> Any:
    """`rows` as `generate` takes it: MusicGen appends guidance to the list that it is given, which must come before."""
    from transformers import LogitsProcessorList

    class Last(LogitsProcessorList):  # type: ignore[misc]  # transformers' classes are not read by mypy here
        def append(self, processor: Any) -> None:
            self.insert(0, processor)

    made = Last()
    made.insert(0, rows)
    return made
