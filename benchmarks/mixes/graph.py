"""One ffmpeg filter graph: `python -m benchmarks.mixes.graph FOLDER`. Needs the ffmpeg program."""

import json
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.mixes.session import BED_FADE, CEILING, FADE, TARGET, Part, read
from wavagent.audio import RATE

LEVEL = -20.0
"""LUFS: about what the sum has; ffmpeg cannot measure and then turn up in one graph."""


def main() -> None:
    folder = Path(sys.argv[1])
    session = read(folder)
    inputs: list[str] = []
    for part in session.parts:
        loop = ["-stream_loop", "-1"] if part.role != "speech" else []
        inputs += [*loop, "-i", str(folder / part.file)]
    speech = [n for n, part in enumerate(session.parts) if part.role == "speech"]
    beds = [n for n, part in enumerate(session.parts) if part.role != "speech"]
    lines = [_line(number, part) for number, part in enumerate(session.parts)]
    lines.append(_sum(speech, "speech") + ",asplit[voice][key]")
    lines.append(_sum(beds, "beds") + "[under]")
    lines.append("[under][key]sidechaincompress=threshold=0.003:ratio=12:attack=100:release=400[ducked]")
    lines.append("[voice][ducked]amix=inputs=2:normalize=0:duration=longest,ebur128=peak=none,")
    lines[-1] += f"volume={TARGET - LEVEL}dB,alimiter=limit={10 ** (CEILING / 20):.4f}:level=0,ebur128=peak=true[out]"
    graph = folder / "graph.txt"
    graph.write_text(";\n".join(lines))
    command = ["ffmpeg", "-hide_banner", "-nostats", *inputs, "-filter_complex_script", str(graph), "-map", "[out]"]
    done = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, check=True)
    said = re.findall(r"I:\s+(-?[\d.]+) LUFS", done.stderr)
    peak = re.findall(r"Peak:\s+(-?[\d.]+) dBFS", done.stderr)
    print(json.dumps({"lufs": min(map(float, said[-2:])), "true_peak": 10 ** (float(peak[-1]) / 20)}))


def _line(number: int, part: Part) -> str:
    length = part.end - part.start
    fade = FADE if part.role == "speech" else BED_FADE
    pan = "pan=stereo|c0=0.7071*c0|c1=0.7071*c0," if part.role == "speech" else ""
    return (
        f"[{number}:a]aresample={RATE},aformat=sample_fmts=fltp,{pan}aformat=channel_layouts=stereo,"
        f"atrim=duration={length:.4f},volume={part.gain}dB,afade=t=in:d={fade},"
        f"afade=t=out:st={max(0.0, length - fade):.4f}:d={fade},adelay={round(part.start * 1000)}:all=1[p{number}]"
    )


def _sum(numbers: list[int], name: str) -> str:
    return "".join(f"[p{n}]" for n in numbers) + f"amix=inputs={len(numbers)}:normalize=0:duration=longest"


if __name__ == "__main__":
    main()
