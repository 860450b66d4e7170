from pathlib import Path

import pytest

import wavagent
from wavagent import Story
from wavagent.errors import InputError, ScriptError

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
