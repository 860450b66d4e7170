import json
from pathlib import Path

import pytest

from wavagent.errors import InputError
from wavagent.evaluate import pairs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rain.wav", "Dog.WAV", "real/rain.wav", "real/Dog.flac", "ann.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"RIFF")
    (tmp_path / "rain.txt").write_text("Heavy rain\n", encoding="utf-8")
    return tmp_path


def test_a_folder_is_its_sounds_with_what_is_written_beside_them(folder: Path) -> None:
    found = {pair.id: pair for pair in pairs(folder)}
    assert set(found) == {"rain", "Dog", "ann"}
    assert (found["rain"].prompt, found["Dog"].prompt) == ("Heavy rain", "")


def test_a_table_in_the_folder_comes_before_its_sounds(folder: Path) -> None:
    (folder / "manifest.csv").write_text("audio,prompt\nrain.wav,Rain\n", encoding="utf-8")
    assert [(pair.id, pair.prompt) for pair in pairs(folder)] == [("rain", "Rain")]


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl"])
def test_all_kinds_of_tables_say_the_same(folder: Path, ending: str) -> None:
    row = {"id": "a", "audio": "rain.wav", "prompt": "Rain, hard", "text": "Hello", "language": "de",
           "reference": "real/rain.wav", "voice": "ann.wav"}  # fmt: skip
    table = folder / f"clips.{ending}"
    if ending == "csv":
        table.write_text(",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()), encoding="utf-8-sig")
    else:
        table.write_text(json.dumps([row] if ending == "json" else row), encoding="utf-8")
    (pair,) = pairs(table)
    assert (pair.id, pair.prompt, pair.text, pair.language) == ("a", "Rain, hard", "Hello", "de")
    assert (pair.reference, pair.voice) == (folder / "real/rain.wav", folder / "ann.wav")


def test_the_columns_of_clotho_and_of_audiocaps_are_known(folder: Path) -> None:
    clotho = folder / "clotho.csv"
    clotho.write_text("file_name,caption_1,caption_2\nrain.wav,It rains,Water\n", encoding="utf-8")
    assert pairs(clotho)[0].prompt == "It rains"
    audiocaps = folder / "audiocaps.jsonl"
    audiocaps.write_text('{"audiocap_id": 7, "audio": "rain.wav", "captions": ["Rain falls", "Rain"]}\n')
    assert [(pair.id, pair.prompt) for pair in pairs(audiocaps)] == [("7", "Rain falls")]


def test_real_clips_lie_in_a_folder_of_their_own_in_whatever_format(folder: Path) -> None:
    (folder / "ann.wav").unlink()
    found = {pair.id: pair.reference for pair in pairs(folder, folder / "real")}
    assert found == {"rain": folder / "real/rain.wav", "Dog": folder / "real/Dog.flac"}
    (folder / "real/rain.wav").unlink()
    with pytest.raises(InputError, match="holds no 'rain'"):
        pairs(folder, folder / "real")


@pytest.mark.parametrize("name", ["/etc/passwd", "../rain.wav", "a\\b.wav", "C:/rain.wav", "real/../../x.wav"])
def test_a_table_leads_nowhere_else(folder: Path, name: str) -> None:
    for column in ("audio", "reference", "voice"):
        (folder / "manifest.json").write_text(json.dumps([{"audio": "rain.wav", column: name}]))
        with pytest.raises(InputError, match="lies in it"):
            pairs(folder)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[1]", "row 1 .* is no object"),
        ("{}", "no list"),
        ("[{", "no table"),
        ('[{"prompt": "x"}]', "row 1 .* names no 'audio'"),
        ('[{"audio": {"a": 1}}]', "no text as 'audio', but dict"),
        ('[{"audio": "gone.wav"}]', "is not there"),
        ("[]", "names no clip"),
        ('[{"audio": "rain.wav"}, {"audio": "rain.wav"}]', "two clips called 'rain'"),
    ],
)
def test_a_faulty_table_is_named_with_its_row(folder: Path, text: str, fault: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=fault):
        pairs(folder)


def test_what_is_no_text_or_not_there_is_an_input_error(folder: Path) -> None:
    (folder / "bad.csv").write_bytes(b"\xff\xfe\x00")
    for wrong in (folder / "bad.csv", folder / "none.csv"):
        with pytest.raises(InputError, match="cannot be read as text"):
            pairs(wrong)
    (folder / "empty").mkdir()
    with pytest.raises(InputError, match="names no clip"):
        pairs(folder / "empty")
