"""What goes between a worker process and its parent: one message each way.

A message is a line of JSON, then the samples of its clips as raw float32, in the order in which the line names them.
Clips go through the pipe and not as files of the store: a whole call with a line of 3 s takes 0.4 ms, where files alone
take 0.8 and a store 2.4; with ten minutes of stereo 0.7 s, 0.4 s and 6 s (`python -m benchmarks.worker`). Nothing is
left behind when either side is killed, and a worker, which may be a stranger's code, needs to know no path.

Whatever comes in is looked at before it is believed: a message is no longer than LINE and SOUND, so that the other side
cannot fill this one's memory.
"""

import json
from collections.abc import Mapping, Sequence
from typing import IO, Any

import numpy as np
from pydantic_core import to_jsonable_python

from wavagent import errors
from wavagent.audio import Audio, Word
from wavagent.errors import ToolError
from wavagent.tool import Request, Result, Said, Tool

LINE = 16 << 20
"""Bytes of JSON in one message, at most: more words than a day of speech has."""

SOUND = 4 << 30
"""Bytes of samples in one message, at most: six hours of stereo at 24 kHz."""

Message = Mapping[str, Any]
Received = tuple[Message, list[Audio]]
Parts = Sequence[bytes | memoryview]
"""A message as it goes over the wire."""


def encode(message: Message, clips: Sequence[Audio] = ()) -> Parts:
    """Raises TypeError or ValueError when no message can hold this: before a byte of it is sent."""
    shapes = [{"rate": int(clip.rate), "frames": clip.frames, "channels": clip.channels} for clip in clips]
    line = json.dumps({**message, "clips": shapes}).encode() + b"\n"
    if len(line) > LINE:
        raise ValueError(f"{len(line)} bytes of parameters or data in one batch; at most {LINE} can be sent")
    if (size := sum(clip.samples.nbytes for clip in clips)) > SOUND:
        raise ValueError(f"{size} bytes of sound in one batch; at most {SOUND} can be sent")
    return [line, *(_bytes(np.ascontiguousarray(clip.samples)) for clip in clips)]


def send(stream: IO[bytes], parts: Parts) -> None:
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> Received | None:
    """The next message and its clips; None at the end of the stream. Raises ValueError when it is no message."""
    line = stream.readline(LINE)
    if not line.endswith(b"\n"):
        if len(line) == LINE:
            raise ValueError(f"a line that does not end: {line[:80]!r}")
        return None
    try:
        message = json.loads(line)
        shapes = [_shape(**shape) for shape in message.pop("clips")]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ValueError(f"not a message: {line[:80]!r}") from error
    if (size := sum(4 * frames * channels for frames, channels, _ in shapes)) > SOUND:
        raise ValueError(f"a message with {size} bytes of sound; at most {SOUND} are taken")
    clips = []
    for frames, channels, rate in shapes:
        samples = np.empty((frames, channels), np.float32)
        if stream.readinto(_bytes(samples)) < samples.nbytes:  # type: ignore[attr-defined]
            return None
        clips.append(Audio(samples, rate))
    return message, clips


def asked(requests: Sequence[Request]) -> tuple[Message, list[Audio]]:
    """A batch as a message."""
    packed = [
        {
            "params": to_jsonable_python(dict(request.params)),
            "seed": request.seed,
            "inputs": list(request.inputs),
            "said": {name: _said(said) for name, said in request.said.items()},
        }
        for request in requests
    ]
    return {"requests": packed}, [clip for request in requests for clip in request.inputs.values()]


def requests_of(received: Received, tool: Tool) -> list[Request]:
    """The batch that was `asked`."""
    message, clips = received
    left = iter(clips)
    return [
        Request(
            tool.params.model_validate(packed["params"]),
            {name: next(left) for name in packed["inputs"]},
            packed["seed"],
            {name: Said(_words(said), said["data"]) for name, said in packed["said"].items()},
        )
        for packed in message["requests"]
    ]


def answered(results: Sequence[Result]) -> tuple[Message, list[Audio]]:
    """What a batch made as a message."""
    return {"results": [_said(result) for result in results]}, [result.audio for result in results]


def failed(error: ToolError) -> Message:
    """`error` as a message, as the nearest of wavagent's own: a tool's subclass of Transient is still one there."""
    kind = next(kind.__name__ for kind in type(error).__mro__ if getattr(errors, kind.__name__, None) is kind)
    return {"error": kind, "message": str(error), "retry_after": getattr(error, "retry_after", None)}


def results_of(received: Received) -> list[Result] | ToolError:
    """What was made, or what went wrong. Raises ValueError when it is neither."""
    message, clips = received
    try:
        if "error" in message:
            return _error(**message)
        said = message["results"]
        return [Result(clip, _words(one), dict(one["data"])) for clip, one in zip(clips, said, strict=True)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not an answer ({type(error).__name__}: {error})") from error


def _bytes(samples: "np.ndarray[Any, Any]") -> memoryview:
    return samples.reshape(-1).view(np.uint8).data


def _shape(frames: int, channels: int, rate: int) -> tuple[int, int, int]:
    if not all(type(number) is int for number in (frames, channels, rate)):
        raise TypeError("a shape is whole numbers")
    if frames < 0 or channels < 1 or rate < 1:
        raise ValueError("no clip has this shape")
    return frames, channels, rate


def _said(said: Said | Result) -> Message:
    return {"words": [word.to_json() for word in said.words], "data": dict(said.data)}


def _words(said: Message) -> tuple[Word, ...]:
    return tuple(Word.from_json(word) for word in said["words"])


def _error(error: str, message: str, retry_after: float | None = None, **_: object) -> ToolError:
    kind = getattr(errors, error)
    if not issubclass(kind, ToolError):
        raise TypeError(f"{error} is no error of a tool")
    said: ToolError = kind(str(message))
    if isinstance(said, errors.Transient) and retry_after is not None:
        said.retry_after = float(retry_after)
    return said
