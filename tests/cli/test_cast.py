import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def project(planned: Path) -> Path:
    return planned


def test_the_cast_is_shown_with_the_words_that_tell_of_it(wavagent: Run, project: Path) -> None:
    done = wavagent("cast", project, "--json")
    assert done.returncode == 0, done.stderr
    people = {person["id"]: person for person in json.loads(done.stdout)}
    assert people["mary"]["traits"]["gender"]["value"] == "female"
    assert people["mary"]["traits"]["gender"]["evidence"]
    assert people["mary"]["lines"] == 1
    assert all(person["voice"] and person["reason"] for person in people.values())
    assert "Mary" in wavagent("cast", project).stdout


def test_looking_changes_nothing(wavagent: Run, project: Path) -> None:
    before = (project / "script.json").read_bytes()
    wavagent("cast", project)
    assert (project / "script.json").read_bytes() == before


def test_an_audition_is_a_file_for_each_voice(wavagent: Run, project: Path, tmp_path: Path) -> None:
    done = wavagent("cast", project, "--audition", tmp_path / "voices", "--say", "One, two, three.")
    assert done.returncode == 0, done.stderr
    files = sorted((tmp_path / "voices").iterdir())
    assert [file.name for file in files][0] == "01-narrator.wav"
    assert len(files) == len(json.loads((project / "cast.json").read_text("utf-8")))
    assert all(1.0 < soundfile.info(file).duration < 10.0 for file in files)


def test_a_model_casts_and_the_voices_are_kept(wavagent: Run, project: Path, tmp_path: Path) -> None:
    listed = json.loads(wavagent("voices", "--language", "en", "--json").stdout)
    voices = [voice for voice in listed if voice["tool"] == "espeak"]
    women = [f"{voice['tool']}/{voice['id']}" for voice in voices if voice["gender"] == "female"]
    men = [f"{voice['tool']}/{voice['id']}" for voice in voices if voice["gender"] == "male"]
    cast = {person["id"]: person for person in json.loads(wavagent("cast", project, "--json").stdout)}
    chosen = {"narrator": women[3], "mary": women[4], "tom": men[2]}
    roles = [{"character": id, "voice": chosen[id], "reason": "she sounds like rain"} for id in cast]
    (tmp_path / "answers.jsonl").write_text(json.dumps({"roles": roles}) + "\n", encoding="utf-8")
    done = wavagent("cast", project, "--llm", f"replay:{tmp_path / 'answers.jsonl'}")
    assert done.returncode == 0, done.stderr
    kept = json.loads((project / "cast.json").read_text("utf-8"))
    assert {f"{one['voice']['tool']}/{one['voice']['id']}" for one in kept} == {chosen[id] for id in cast}
    assert "she sounds like rain" in done.stdout.replace("\n", " ") or "rain" in str(kept)
