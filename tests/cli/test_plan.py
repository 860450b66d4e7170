import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_plan_is_a_script_with_every_word(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("plan", tale, "-o", tmp_path / "story")
    assert done.returncode == 0, done.stderr
    script = json.loads((tmp_path / "story" / "script.json").read_text("utf-8"))
    elements = [element for scene in script["scenes"] for element in scene["elements"]]
    assert "".join(element.get("text", "") for element in elements) == tale.read_text("utf-8")
    assert {"id", "name", "aliases"} <= script["cast"][0].keys()
    assert all("who" in element for element in elements if element["kind"] == "speech")
    assert all("what" in element for element in elements if element["kind"] in ("sound", "music", "ambience"))


def test_a_plan_prints_the_script_for_machines(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("plan", tale, "-o", tmp_path / "story", "--json", "--quiet")
    assert json.loads(done.stdout)["schema"] == "wavagent.script/1"
    assert done.stderr == ""


def test_hostile_text_is_only_ever_text(wavagent: Run, tmp_path: Path) -> None:
    hostile = "“$(touch pwned) `id` \\n %s {0} <b>&amp;</b> 'x'; -- [bold]😀 שלום ‮abc” said Mary.\n"
    (tmp_path / "t.txt").write_text(hostile, encoding="utf-8")
    done = wavagent("make", tmp_path / "t.txt", "-o", tmp_path / "story")
    assert done.returncode == 0, done.stderr
    script = json.loads((tmp_path / "story" / "script.json").read_text("utf-8"))
    texts = [element.get("text", "") for scene in script["scenes"] for element in scene["elements"]]
    assert "".join(texts) == hostile
    assert not list(tmp_path.rglob("pwned"))


def test_without_a_folder_the_project_is_named_like_the_narrative(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("plan", tale, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tale" / "script.json").exists()
