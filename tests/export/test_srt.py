import re
from collections.abc import Callable
from pathlib import Path

from wavagent.export import srt
from wavagent.programme import Placed, Programme

Make = Callable[..., Programme]
Place = Callable[..., Placed]


def test_cards_are_numbered_timed_and_at_most_2_lines_of_32(programme: Make, placed: Place, tmp_path: Path) -> None:
    text = "Somebody knocked --> twice, and then, because nobody came to open, a third time; it was the postman."
    made = programme(placed=(placed(3600.5, 3607.0, text), placed(3607.0, 3608.0, "Come in!", "mary")))
    srt.write(made, tmp_path / "a.srt")
    written = (tmp_path / "a.srt").read_bytes().decode()
    blocks = [block.splitlines() for block in written.strip().split("\n\n")]
    assert [block[0] for block in blocks] == [str(number) for number in range(1, len(blocks) + 1)]
    assert all(re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", block[1]) for block in blocks)
    assert all(len(block) <= 4 and all(len(line) <= 32 for line in block[2:]) for block in blocks)
    assert blocks[0][1].startswith("01:00:00,500") and blocks[-1] == [
        str(len(blocks)), "01:00:07,000 --> 01:00:08,000", "Mary: Come in!",
    ]  # fmt: skip
    assert written.count("-->") == len(blocks)


def test_nothing_to_show_is_an_empty_file(programme: Make, tmp_path: Path) -> None:
    srt.write(programme(), tmp_path / "a.srt")
    assert (tmp_path / "a.srt").read_bytes() == b""
