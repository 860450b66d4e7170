from pathlib import Path

import pytest

import wavagent
from wavagent import Story
from wavagent.errors import InputError, ScriptError, Stale, WordsLost
from wavagent.script.patch import Relevel, ReplaceText

TALE = "“Who is there?” asked Mary.\n\n“Only me,” said Tom.\n"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    (tmp_path / "tale.txt").write_text(TALE, encoding="utf-8")
    return wavagent.plan(tmp_path / "tale.txt", store=str(tmp_path / "store"))


def test_a_story_is_planned_and_exported(story: Story, tmp_path: Path) -> None:
    certificate = story.export(tmp_path / "tale.flac")
    assert certificate is not None
    assert certificate.passed
    assert story.export(tmp_path / "tale.srt") is None


def test_planning_works_twice_in_one_process(story: Story, tmp_path: Path) -> None:
    story.render()
    assert wavagent.plan(tmp_path / "tale.txt", store=str(tmp_path / "store")).script == story.script


def test_a_rendering_is_kept_until_the_script_changes(story: Story) -> None:
    first = story.render()
    assert story.render() is first
    story.replace(story.lines[0].id, "“Is anybody there?” ")
    assert story.render().made.ran == (story.lines[0].id,)


def test_replacing_a_line_says_that_the_words_are_no_longer_the_source(story: Story) -> None:
    assert story.script.source is not None
    assert story.script.source.verbatim
    story.replace(story.lines[0].id, "Hello?")
    assert not story.script.source.verbatim


def test_replacing_a_line_that_is_not_there_is_a_key_error(story: Story) -> None:
    with pytest.raises(KeyError, match="nothing"):
        story.replace("nothing", "Hello?")


def test_a_saved_story_is_loaded_again(story: Story, tmp_path: Path) -> None:
    story.save(tmp_path / "project")
    assert wavagent.load(tmp_path / "project", store=str(tmp_path / "store")).script == story.script


def test_errors_are_raised_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        wavagent.plan(tmp_path / "missing.txt")
    with pytest.raises(ScriptError):
        wavagent.load(tmp_path)


def test_an_edit_is_told_and_taken_back_and_done_again(story: Story) -> None:
    before = story.script
    (told,) = story.edit(Relevel(ids=(story.lines[0].id,), by=3))
    assert told.endswith("louder by 3 dB (0 → +3 dB)")
    after = story.script
    story.undo()
    assert story.script == before
    story.redo()
    assert story.script == after
    with pytest.raises(ScriptError, match="nothing to redo"):
        story.redo()
    story.undo()
    with pytest.raises(ScriptError, match="nothing to undo"):
        story.undo()


def test_an_edit_that_loses_words_has_to_say_so(story: Story) -> None:
    line = story.lines[0].id
    with pytest.raises(WordsLost):
        story.edit(ReplaceText(id=line, text="Hello?"))
    story.edit(ReplaceText(id=line, text="Hello?"), words="changed")
    assert story.lines[0].text == "Hello?"


def test_edits_before_and_after_saving_are_undone_on_another_day(story: Story, tmp_path: Path) -> None:
    planned, line = story.script, story.lines[0].id
    story.edit(Relevel(ids=(line,), by=3))
    story.save(tmp_path / "project")
    story.edit(Relevel(ids=(line,), by=3))
    story.script = story.script.model_copy(update={"title": "Assigned"})
    story.save(tmp_path / "project")
    later = wavagent.load(tmp_path / "project", store=str(tmp_path / "store"))
    assert (later.script.title, later.lines[0].gain) == ("Assigned", 6.0)
    for _ in range(3):
        later.undo()
    assert later.script == planned
    later.redo()
    assert wavagent.load(tmp_path / "project", store=str(tmp_path / "store")).lines[0].gain == 3.0


def test_two_stories_of_one_project_lose_no_edit(story: Story, tmp_path: Path) -> None:
    story.save(tmp_path / "project")
    one, other = (wavagent.load(tmp_path / "project", store=str(tmp_path / "store")) for _ in range(2))
    one.edit(Relevel(ids=(one.lines[0].id,), by=3))
    with pytest.raises(Stale, match="meanwhile: changed speech"):
        other.edit(Relevel(ids=(other.lines[1].id,), by=3))
    other.script = other.script.model_copy(update={"title": "Other"})
    other.save(tmp_path / "project")
    assert (other.script.title, other.lines[0].gain) == ("Other", 3.0)
