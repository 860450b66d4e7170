"""`wavagent quote`, `explain` and `graph`, on one project that is made, edited and asked about."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def project(wavagent: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quoted")
    tale = folder / "tale.txt"
    tale.write_text("The Knock\n\nRain fell on the roof.\n\n“Who is there?” asked Mary. A door slammed.\n", "utf-8")
    done = wavagent("make", tale, "-o", folder / "story")
    assert done.returncode == 0, done.stderr
    return folder / "story"


def test_a_narrative_is_quoted_and_nothing_is_made(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("quote", tale, "--store", tmp_path / "store", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["calls"] > found["kept"] == 0
    assert found["commercial"] is True and found["cost"] == 0.0
    assert [step["name"] for step in found["steps"]][:3] == ["run", "mix", ".mp3"]
    assert not (tmp_path / "store").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tale.txt"]


def test_a_made_project_has_nothing_left_to_run(wavagent: Run, project: Path) -> None:
    found = json.loads(wavagent("quote", project, "--json").stdout)
    assert found["calls"] == found["kept"]
    assert found["measured"] is True


def test_people_read_a_table_and_sentences(wavagent: Run, project: Path) -> None:
    done = wavagent("quote", project / "script.json", "-o", "story.flac", "--profile", "acx")
    assert done.returncode == 0, done.stderr
    for said in ("espeak", "GPL-3.0", "in the store", "cost: nothing", "every licence allows commercial use", ".flac"):
        assert said in done.stdout


def test_more_than_is_allowed_is_an_error_with_a_sentence(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("quote", tale, "--store", tmp_path / "store", "--max-minutes", "0.0001", "--json")
    assert done.returncode == 1
    assert "wavagent: it would take " in done.stderr and "minutes, and 0.0001 are allowed" in done.stderr
    assert json.loads(done.stdout)["over"]
    assert wavagent("quote", tale, "--max-minutes", "60", "--max-cost", "0").returncode == 0


def test_what_is_no_story_is_refused(wavagent: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for bad in ("nothing.txt", "empty"):
        done = wavagent("quote", tmp_path / bad)
        assert done.returncode == 1
        assert done.stderr.startswith("wavagent: ") and "Traceback" not in done.stderr


def test_credits_lie_beside_the_story(project: Path) -> None:
    found = json.loads((project / "out" / "story.credits.json").read_text("utf-8"))
    assert {tool["tool"] for tool in found["tools"]} >= {"espeak"}
    assert "eSpeak NG" in (project / "out" / "story.credits.md").read_text("utf-8")


def test_an_element_is_explained_and_so_is_an_edit(wavagent: Run, project: Path) -> None:
    script = json.loads((project / "script.json").read_text("utf-8"))
    line = next(e for scene in script["scenes"] for e in scene["elements"] if "Rain" in e.get("text", ""))
    done = wavagent("explain", project, line["id"])
    assert done.returncode == 0, done.stderr
    assert "nothing has to run: its clip is in the store" in done.stdout
    line["text"] = "Snow fell on the roof.\n\n"
    edited = project / "edited.json"
    edited.write_text(json.dumps(script), "utf-8")
    done = wavagent("explain", edited, line["id"], "--json")
    (call,) = json.loads(done.stdout)["calls"]
    assert (call["state"], call["why"]) == (
        "to run",
        ["its text changed: “Rain fell on the roof.” -> “Snow fell on the roof.”"],
    )
    assert wavagent("explain", project, "nobody").returncode == 1


def test_a_graph_is_drawn_in_every_format(wavagent: Run, project: Path, tmp_path: Path) -> None:
    for name in ("g.svg", "g.mmd", "g.json"):
        done = wavagent("graph", project, "-o", tmp_path / name)
        assert done.returncode == 0, done.stderr
    assert "as it was measured" in "".join(ElementTree.parse(tmp_path / "g.svg").getroot().itertext())
    assert json.loads((tmp_path / "g.json").read_text("utf-8"))["measured"] is True
    assert wavagent("graph", project).stdout == (tmp_path / "g.mmd").read_text("utf-8")
    assert "as it is expected" in wavagent("graph", project, "--expected", "-o", tmp_path / "e.svg").stderr + (
        tmp_path / "e.svg"
    ).read_text("utf-8")
    done = wavagent("graph", project, "-o", tmp_path / "g.gif")
    assert done.returncode == 1 and "name the file with one of .svg, .mmd, .json" in done.stderr
