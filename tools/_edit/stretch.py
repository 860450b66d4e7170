"""Time-stretching: as many times as fast, at the same pitch, by FFmpeg's atempo (overlap-add of similar waves)."""

from typing import Any

import numpy as np

from wavagent.audio import Samples

SLOWEST, FASTEST = 0.25, 4.0


def stretched(samples: Samples, rate: int, times: float) -> Samples:
    """`samples`, (frames, channels), `times` as fast: round(frames / times) frames, the channels together."""
    wanted = round(len(samples) / times)
    if not len(samples) or times == 1.0:
        return samples
    made = _played(samples, rate, times)[:wanted]
    missing = wanted - len(made)
    return np.concatenate([made, np.zeros((missing, samples.shape[1]), np.float32)]) if missing > 0 else made


def _played(samples: Samples, rate: int, times: float) -> Samples:
    import av

    graph = av.filter.Graph()
    layout = f"{samples.shape[1]}c" if samples.shape[1] > 2 else ("mono", "stereo")[samples.shape[1] - 1]
    chain: list[Any] = [graph.add_abuffer(sample_rate=rate, format="fltp", layout=layout, time_base=None)]
    chain += [graph.add("atempo", f"{part:.9f}") for part in _parts(times)]
    chain += [graph.add("aformat", "sample_fmts=fltp"), graph.add("abuffersink")]
    for one, other in zip(chain, chain[1:], strict=False):
        one.link_to(other)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), "fltp", layout)
    frame.rate, frame.pts = rate, 0
    chain[0].push(frame)
    chain[0].push(None)
    blocks: list[Samples] = []
    while True:
        try:
            blocks.append(chain[-1].pull().to_ndarray().T)
        except (av.EOFError, av.BlockingIOError):
            return np.concatenate(blocks or [samples[:0]]).astype(np.float32)


def _parts(times: float) -> list[float]:
    """Factors that atempo takes, 0.5 at the least: a great slowness is two small ones."""
    return [times] if times >= 0.5 else [0.5, times / 0.5]
