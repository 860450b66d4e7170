"""Histories: nothing that was done is lost, whatever else happens to the folder or the process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wavagent.errors import OutputError, ScriptError, Stale
from wavagent.history import History, history
from wavagent.history.journal import Journal
from wavagent.project import Project
from wavagent.script import Script
from wavagent.script.file import dumps
from wavagent.script.patch import Patch, Relevel, ReplaceText, SetScene, revision


@pytest.fixture
def project(tmp_path: Path, script: Script) -> Project:
    return Project.create(tmp_path / "story", script, "planned", "test")


def louder(project: Project, by: float = 1.0) -> None:
    project.commit(Patch.of(project.script, Relevel(ids=("m1",), by=by)), f"louder by {by:g}")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_every_edit_is_undone_and_done_again_byte_for_byte(project: Project) -> None:
    written = [(project.folder / "script.json").read_bytes()]
    for by in range(1, 6):
        louder(project, 0.5 * by)
        written.append((project.folder / "script.json").read_bytes())
    for expected in reversed(written[:-1]):
        project.undo()
        assert (project.folder / "script.json").read_bytes() == expected
    with pytest.raises(ScriptError, match="nothing to undo"):
        project.undo()
    for expected in written[1:]:
        project.redo()
        assert (project.folder / "script.json").read_bytes() == expected
    with pytest.raises(ScriptError, match="nothing to redo"):
        project.redo()
    assert [one.kind for one in project.log()] == ["start", *["edit"] * 5, *["undo"] * 5, *["redo"] * 5]


def test_undo_survives_a_restart(project: Project, script: Script) -> None:
    louder(project)
    louder(project)
    project.undo()
    again = Project.open(project.folder)
    again.undo()
    assert again.script == script
    Project.open(project.folder).redo()
    assert Project.open(project.folder).log()[-1].of == 2


def test_a_new_edit_ends_what_could_be_redone_and_loses_nothing(project: Project) -> None:
    louder(project, 1)
    first = project.revision
    project.undo()
    louder(project, 2)
    with pytest.raises(ScriptError, match="nothing to redo"):
        project.redo()
    project.undo()
    assert revision(project.at(first[:10])) == first
    project.restore("2")
    assert project.revision == first
    project.undo()
    assert project.revision != first


def test_views_for_people_follow(project: Project) -> None:
    project.commit(Patch.of(project.script, SetScene(ids=("s1",), heading="Dusk")))
    assert "## Dusk" in (project.folder / "script.md").read_text(encoding="utf-8")
    project.undo()
    assert "## Evening" in (project.folder / "script.md").read_text(encoding="utf-8")


def test_a_change_by_hand_becomes_a_revision_before_anything_else(project: Project) -> None:
    louder(project)
    file = project.folder / "script.json"
    file.write_text(file.read_text(encoding="utf-8").replace("It was late.", "It was very late."), encoding="utf-8")
    assert project.history.unkept
    by_hand = project.revision
    louder(project)
    kinds = [one.kind for one in project.log()]
    assert kinds == ["start", "edit", "hand", "edit"]
    assert project.log()[2].revision == by_hand
    assert any("very late" in sentence for sentence in project.log()[2].changes)
    project.undo()
    assert project.revision == by_hand
    project.undo()
    assert "very late" not in file.read_text(encoding="utf-8")


def test_another_layout_of_the_file_is_no_change(project: Project) -> None:
    file = project.folder / "script.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8"))), encoding="utf-8")
    assert not project.history.unkept
    louder(project)
    assert [one.kind for one in project.log()] == ["start", "edit"]


def test_a_patch_that_was_made_before_a_change_by_hand_is_refused_with_it(project: Project) -> None:
    patch = Patch.of(project.script, Relevel(ids=("m1",), by=3))
    file = project.folder / "script.json"
    file.write_text(file.read_text(encoding="utf-8").replace("calm piano", "wild piano"), encoding="utf-8")
    with pytest.raises(Stale, match="meanwhile: changed music m1: what: calm piano → wild piano"):
        project.commit(patch)
    with pytest.raises(Stale):
        project.commit(patch, moved=True)
    other = Patch(base=patch.base, operations=(Relevel(ids=("a1",), by=3),))
    assert project.commit(other, moved=True).changes[0].endswith("louder by 3 dB (-6 → -3 dB)")


def test_a_file_that_is_no_script_any_more_comes_back_and_is_kept(project: Project) -> None:
    louder(project)
    written = (project.folder / "script.json").read_bytes()
    (project.folder / "script.json").write_text("{ oh no")
    with pytest.raises(ScriptError, match="is not JSON"):
        louder(project)
    assert project.undo().kind == "mend"
    assert (project.folder / "script.json").read_bytes() == written
    assert (project.folder / "script.broken-3.json").read_text() == "{ oh no"
    project.undo()
    assert len(project.log()) == 4


def test_a_new_plan_into_a_project_is_its_next_revision(project: Project, script: Script) -> None:
    louder(project)
    Project.create(project.folder, script, "planned again")
    assert [one.note for one in project.log()] == ["planned", "louder by 1", "planned again"]
    Project.create(project.folder, script, "planned again")
    assert len(project.log()) == 3
    (project.folder / "script.json").write_text("{")
    Project.create(project.folder, script, "and again")
    assert project.script == script


def test_a_project_from_before_there_was_history_starts_one(tmp_path: Path, script: Script) -> None:
    (tmp_path / "script.json").write_text(dumps(script), encoding="utf-8")
    project = Project.open(tmp_path)
    assert project.log() == ()
    with pytest.raises(ScriptError, match="nothing to undo"):
        project.undo()
    louder(project)
    assert [one.kind for one in project.log()] == ["start", "edit"]
    project.undo()
    assert project.script == script


def test_what_two_made_of_one_script_is_put_together_when_they_did_not_meet(project: Project, script: Script) -> None:
    base = project.revision
    louder(project)
    changed = script.model_copy(update={"title": "Another"})
    project.commit(changed, "cast", base=base)
    assert project.script.title == "Another"
    assert next(one for one in project.script.elements if one.id == "m1").gain == 1.0  # type: ignore[union-attr]
    with pytest.raises(Stale, match="title"):
        project.commit(script.model_copy(update={"title": "A third"}), base=base)


def test_any_revision_is_had_back_far_from_a_whole_one(project: Project) -> None:
    expected = [project.revision]
    for _ in range(history.EVERY + 5):
        louder(project, 0.25)
        expected.append(project.revision)
    states = list((project.folder / ".wavagent" / "states").iterdir())
    assert len(states) == 2  # the first, and one on the way
    found = Project.open(project.folder)
    assert [revision(found.at(str(number))) for number in range(1, len(expected) + 1)] == expected


def test_the_log_stays_small(project: Project) -> None:
    before = sum(map(len, files(project.folder / ".wavagent").values()))
    for _ in range(10):
        louder(project, 0.5)
    assert sum(map(len, files(project.folder / ".wavagent").values())) - before < 20_000


def test_a_damaged_line_is_named_and_the_rest_can_be_used(project: Project) -> None:
    for _ in range(3):
        louder(project)
    log = project.folder / ".wavagent" / "log.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1][:40] + b"\xff\x00\n"
    log.write_bytes(b"".join(lines))
    found = Project.open(project.folder)
    assert [one.number for one in found.log()] == [1, 3, 4]
    assert len(found.history.damage) == 1
    assert "line 2 of" in found.history.damage[0]
    found.undo()
    louder(found)
    assert [one.number for one in found.log()] == [1, 3, 4, 5, 6]


def test_a_damaged_snapshot_is_named_and_gone_round_where_there_is_a_way(project: Project) -> None:
    first = project.revision
    louder(project)
    (state,) = (project.folder / ".wavagent" / "states").iterdir()
    state.write_bytes(state.read_bytes()[:-5])
    assert revision(Project.open(project.folder).at("1")) == first  # back from the file by the inverse
    log = project.folder / ".wavagent" / "log.jsonl"
    log.write_text(log.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"revision .* cannot be had back: '.*\.json\.z' is damaged"):
        Project.open(project.folder).at("1")
    assert Project.open(project.folder).script


def test_a_snapshot_of_something_else_is_no_snapshot(project: Project) -> None:
    louder(project)
    (state,) = (project.folder / ".wavagent" / "states").iterdir()
    other = state.with_name(f"{'0' * 64}.json.z")
    other.write_bytes(state.read_bytes())
    with pytest.raises(ScriptError, match="another script than its name says"):
        project.history._states.get("0" * 64)


def test_a_history_that_cannot_be_written_refuses_before_anything_is_changed(tmp_path: Path, script: Script) -> None:
    (tmp_path / "script.json").write_text(dumps(script), encoding="utf-8")
    (tmp_path / ".wavagent").write_text("in the way")
    before = files(tmp_path)
    project = Project.open(tmp_path)
    assert project.script == script
    assert project.log() == ()
    with pytest.raises(OutputError, match=r"the history in '.*\.wavagent' cannot be written .*; nothing was changed"):
        louder(project)
    assert files(tmp_path) == before


@pytest.mark.parametrize("call", range(4))
def test_a_full_disk_leaves_the_project_as_it_was_or_as_it_was_to_be(
    project: Project, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """The `call`-th file to be put in its place cannot be: pending entry, script, views, and, 3 times, the log."""
    louder(project)
    before, real, calls = project.revision, os.replace, 0

    def full(*paths: object) -> None:
        nonlocal calls
        calls += 1
        if calls > call:
            raise OSError(28, "No space left on device")
        real(*paths)  # type: ignore[arg-type]

    patch = Patch.of(project.script, Relevel(ids=("m1",), by=5))
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        project.commit(patch)
    monkeypatch.undo()
    found = Project.open(project.folder)
    assert found.revision in (before, found.log()[-1].revision)
    assert not found.history.unkept
    assert (found.revision == before) == (call < 2)
    found.undo()
    found.redo()


def test_a_log_that_cannot_grow_says_that_the_script_is_written(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Journal, "_add", full)
    with pytest.raises(OutputError, match="script.json is written, and its entry follows when it can be"):
        louder(project)
    monkeypatch.undo()
    found = Project.open(project.folder)
    assert [one.kind for one in found.log()] == ["start", "edit"]
    assert not found.history.unkept


EDITOR = """
import sys
from pathlib import Path
from wavagent.errors import Stale
from wavagent.project import Project
from wavagent.script.patch import Patch, Relevel

project, element, times = Project.open(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
refused = 0
while times:
    try:
        project.commit(Patch.of(project.script, Relevel(ids=(element,), by=0.5)))
        times -= 1
    except Stale:
        refused += 1
print(refused)
"""


def test_two_processes_on_one_project_lose_no_edit(project: Project) -> None:
    command = [sys.executable, "-c", EDITOR, str(project.folder)]
    running = [
        subprocess.Popen([*command, id, "8"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for id in ("m1", "m2")
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.communicate("go\n", timeout=60)
        assert one.returncode == 0
    gains = {one.id: getattr(one, "gain", 0.0) for one in project.script.elements}
    assert (gains["m1"], gains["m2"]) == (4.0, 4.0)
    assert [one.number for one in project.log()] == list(range(1, 18))
    assert project.history.damage == ()


KILLED = """
import builtins, os, shutil, signal, sys
from pathlib import Path
from wavagent.project import Project
from wavagent.script.patch import Patch, Relevel

def dying(call):
    def wrapped(*args, **more):
        global left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return call(*args, **more)
    return wrapped

folder, point = Path(sys.argv[1]), 0
while point < 100:
    copy = Path(shutil.copytree(folder, f"{folder}-{point}"))
    child = os.fork()
    if not child:
        left = point
        project = Project.open(copy)
        patch = Patch.of(project.script, Relevel(ids=("m1",), by=3.0))
        for name in ("replace", "unlink", "fsync", "truncate"):
            setattr(os, name, dying(getattr(os, name)))
        builtins.open = dying(builtins.open)
        try:
            project.commit(patch)
        finally:
            os._exit(0 if project.log()[-1].kind == "edit" else 1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != -signal.SIGKILL:
        break
    point += 1
print(point)
sys.exit(code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX")
def test_a_process_killed_anywhere_leaves_a_project_that_holds(project: Project) -> None:
    written = dumps(project.script)
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(project.folder)], capture_output=True, text=True, check=True
    )
    points = int(run.stdout)
    assert points > 5
    outcomes = []
    for point in range(points + 1):
        found = Project.open(Path(f"{project.folder}-{point}"))
        assert found.history.damage == ()
        assert not found.history.unkept, f"killed at {point}"
        assert not list(found.folder.glob(".wavagent/pending*"))
        outcomes.append(dumps(found.script) == written)
        if not outcomes[-1]:
            assert [one.kind for one in found.log()] == ["start", "edit"]
            assert "+3 dB" in found.log()[-1].changes[0]
            found.undo()
        assert dumps(found.script) == written, f"killed at {point}"
        louder(found)
    assert outcomes == sorted(outcomes, reverse=True)  # up to a point nothing was done, and then all of it
    assert set(outcomes) == {True, False}


def test_a_line_that_a_killed_process_began_is_no_damage(project: Project, script: Script) -> None:
    """The entry is pending and half of its line is in the log: what a kill in the middle of a write leaves."""
    held = project.history
    entry = held._entry(script.model_copy(update={"title": "New"}), script, "edit", "new title", "")
    held._journal.begin(entry, script.model_copy(update={"title": "New"}))
    with open(held._journal.path, "ab") as file:
        file.write(entry.model_dump_json().encode()[:50])
    found = Project.open(project.folder)
    assert found.script.title == "New"
    assert found.history.damage == ()
    assert [one.note for one in found.log()] == ["planned", "new title"]


def test_an_edit_by_hand_after_a_kill_is_not_written_over(project: Project, script: Script) -> None:
    held = project.history
    new = script.model_copy(update={"title": "New"})
    held._journal.begin(held._entry(new, script, "edit", "new title", ""), new)
    by_hand = script.model_copy(update={"title": "By hand"})
    (project.folder / "script.json").write_text(dumps(by_hand), encoding="utf-8")
    found = Project.open(project.folder)
    assert found.script == by_hand
    louder(found)
    assert [one.kind for one in found.log()] == ["start", "edit", "hand", "edit"]
    assert found.at("2") == new


def test_a_pending_entry_that_is_damaged_is_set_aside(project: Project, script: Script) -> None:
    (project.folder / ".wavagent" / "pending.json").write_text("{")
    assert Project.open(project.folder).script == script
    assert (project.folder / ".wavagent" / "pending.damaged").exists()


def test_waiting_for_another_process_ends(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr(history, "PATIENCE", 0.05)
    with FileLock(project.folder / ".wavagent" / "lock"), pytest.raises(Exception, match="another process is changing"):
        louder(project)
    louder(project)


def test_a_verbatim_story_says_in_its_log_that_words_changed(tmp_path: Path, script: Script) -> None:
    project = Project.create(tmp_path, script)
    project.commit(Patch.of(script, ReplaceText(id="e1", text="Dawn. ")), "shorter")
    assert project.log()[-1].note == "shorter"
    assert project.log()[-1].changes == ('Scene 1, Narrator\'s line “It was late.” (e1): "It was late." → "Dawn."',)


def test_histories_are_of_one_file(tmp_path: Path, script: Script) -> None:
    seen: list[Script] = []
    held = History(tmp_path / "script.json", seen.append)
    with pytest.raises(ScriptError, match="has no history yet"):
        held.resolve("1")
    held.start(script)
    assert seen == [script]
