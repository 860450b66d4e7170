from collections.abc import Callable
from pathlib import Path

from wavagent.export import vtt
from wavagent.programme import Placed, Programme, Tags

Make = Callable[..., Programme]
Place = Callable[..., Placed]


def test_voices_sounds_and_music(programme: Make, placed: Place, tmp_path: Path) -> None:
    cues = (
        placed(0.0, 60.0, "slow strings", role="music"),
        placed(0.5, 2.0, "Come in!", "mary"),
        placed(2.5, 3.0, "door slams", role="sound"),
    )
    vtt.write(programme(placed=cues, tags=Tags(comment="")), tmp_path / "a.vtt")
    assert (tmp_path / "a.vtt").read_bytes().decode() == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:04.000\n♪ slow strings ♪\n\n"
        "00:00:00.500 --> 00:00:02.000\n<v Mary>Come in!\n\n"
        "00:00:02.500 --> 00:00:03.500\n[door slams]\n"
    )


def test_text_is_only_ever_text(programme: Make, placed: Place, tmp_path: Path) -> None:
    nasty = "a --> b <b>&amp;\n\n00:00.000 --> 00:01.000\x00 \u202e$(x)"
    made = programme(placed=(placed(0.0, 3.0, nasty, "mary"),), names={"mary": "M>a\nry & <i>"})
    vtt.write(made, tmp_path / "a.vtt")
    written = (tmp_path / "a.vtt").read_text("utf-8")
    assert written.count("-->") == written.count("<v M&gt;a ry &amp; &lt;i&gt;>") == 1
    assert "\0" not in written and "<b>" not in written


def test_it_says_that_it_is_generated(programme: Make, tmp_path: Path) -> None:
    vtt.write(programme(), tmp_path / "a.vtt")
    assert (tmp_path / "a.vtt").read_text("utf-8").startswith("WEBVTT\n\nNOTE\nThe voices")
