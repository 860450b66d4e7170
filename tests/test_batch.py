"""A batch from end to end with fakes: what is made, what is passed over, what fails, what is stopped."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from wavagent.batch import Batch, Job, Order, Outcome
from wavagent.batch.record import folder_name
from wavagent.batch.sources import narratives
from wavagent.batch.watch import SETTLED, Watch
from wavagent.errors import Cancelled, InputError, OutputError
from wavagent.event import Event
from wavagent.planning.llm import Note, Planned
from wavagent.reading import Document
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.text import as_text
from wavagent.tool import Toolbox

CAPTIONS = Order((".srt",))
"""Enough where the sound is not looked at."""


class Inbox:
    """A folder of narratives, and batches that make them."""

    def __init__(self, folder: Path, toolbox: Toolbox) -> None:
        self.folder, self.toolbox = folder / "in", toolbox
        self.out, self._store = folder / "out", str(folder / "store")
        self.folder.mkdir()
        self.news: list[tuple[str, Event | Outcome | None]] = []

    def put(self, name: str, text: str = "It rained. “Hush!” said Mary.\n") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def tell(self, job: Job, news: Event | Outcome | None) -> None:
        self.news.append((job.source.name, news))

    def batch(self, order: Order = CAPTIONS, **settings: object) -> Batch:
        studio = Studio(Settings(self._store, **settings), self.toolbox)  # type: ignore[arg-type]
        return Batch(studio, self.out, order, self.tell)

    def make(self, *given: object, order: Order = CAPTIONS, **settings: object) -> dict[str, Outcome]:
        """The outcomes by the files' names."""
        with self.batch(order, **settings) as batch:
            outcomes = batch.run([str(one) for one in given] or [str(self.folder)])
        return {Path(one.source).name: one for one in outcomes}


@pytest.fixture
def inbox(tmp_path: Path, toolbox: Toolbox) -> Inbox:
    return Inbox(tmp_path, toolbox)


def test_every_narrative_becomes_a_project_of_its_own(inbox: Inbox) -> None:
    inbox.put("a.txt")
    inbox.put("deeper/b.md", "# B\n\nThe wind rose.\n")
    made = inbox.make(order=Order((".wav", ".srt")))
    assert {name: one.state for name, one in made.items()} == {"a.txt": "done", "b.md": "done"}
    for name in ("a", "b"):
        files = {path.relative_to(inbox.out / name).as_posix() for path in (inbox.out / name).rglob("*.*")}
        assert {"script.json", "report.json", "out/story.wav", "out/story.srt"} <= files
    assert made["a.txt"].passed
    assert made["a.txt"].seconds > 0
    record = json.loads((inbox.out / "batch.json").read_text("utf-8"))
    assert [one["state"] for one in record["files"]] == ["done", "done"]


def test_what_is_finished_is_not_made_again(inbox: Inbox) -> None:
    inbox.put("a.txt")
    before = inbox.make()["a.txt"]
    file = inbox.out / "a" / "out" / "story.srt"
    stamp = file.stat().st_mtime_ns
    again = inbox.make()["a.txt"]
    assert again.state == "skipped"
    assert (again.outputs, again.seconds) == (before.outputs, before.seconds)
    assert file.stat().st_mtime_ns == stamp
    assert inbox.make()["a.txt"].state == "skipped"


def test_other_words_other_settings_and_spoilt_files_are_made_again(inbox: Inbox) -> None:
    inbox.put("a.txt")
    inbox.make()
    inbox.put("a.txt", "It snowed.\n")
    assert inbox.make()["a.txt"].state == "done"
    assert inbox.make(seed=3)["a.txt"].state == "done"
    assert inbox.make(order=Order((".vtt",)), seed=3)["a.txt"].state == "done"
    (inbox.out / "a" / "out" / "story.vtt").write_text("spoilt")
    assert inbox.make(order=Order((".vtt",)), seed=3)["a.txt"].state == "done"
    assert (inbox.out / "a" / "out" / "story.vtt").read_text() != "spoilt"
    shutil.rmtree(inbox.out / "a")
    assert inbox.make(order=Order((".vtt",)), seed=3)["a.txt"].state == "done"


def test_a_failed_file_stops_no_other_and_is_tried_again(inbox: Inbox) -> None:
    inbox.put("a.txt", " \n")
    inbox.put("b.txt")
    made = inbox.make(inbox.folder, inbox.folder / "nothing.txt", inbox.folder / "no*.md")
    assert [one.state for one in made.values()] == ["failed", "done", "failed", "failed"]
    assert "nothing to read" in made["a.txt"].error or "empty" in made["a.txt"].error
    assert "no file" in made["nothing.txt"].error
    assert "no*.md" in made["no*.md"].error
    assert not (inbox.out / "nothing").exists()
    inbox.put("a.txt")
    assert [one.state for one in inbox.make().values()] == ["done", "skipped"]


def test_whatever_a_narrative_meets_the_others_are_made(inbox: Inbox) -> None:
    def plan(studio: Studio, document: Document) -> Planned:
        if document.name == "a.txt":
            raise ZeroDivisionError("one <b>odd</b>\nfault")
        return Planned(studio.plan(document))

    inbox.put("a.txt")
    inbox.put("b.txt")
    made = inbox.make(order=replace(CAPTIONS, plan=plan))
    assert made["b.txt"].state == "done"
    assert made["a.txt"].state == "failed"
    assert "ZeroDivisionError: one <b>odd</b> fault" in made["a.txt"].error


def test_what_a_model_failed_at_is_degraded_and_tried_again(inbox: Inbox) -> None:
    def plan(studio: Studio, document: Document) -> Planned:
        return Planned(studio.plan(document), (Note("", "the model was silent", degraded=True),))

    inbox.put("a.txt")
    assert inbox.make(order=replace(CAPTIONS, plan=plan))["a.txt"].state == "degraded"
    assert inbox.make(order=CAPTIONS)["a.txt"].state == "done"


def test_fail_fast_starts_nothing_more(inbox: Inbox) -> None:
    inbox.put("a.txt", "")
    for name in "bcdefgh":
        inbox.put(f"{name}.txt")
    with inbox.batch(replace(CAPTIONS, jobs=1, fail_fast=True)) as batch:
        outcomes = batch.run([str(inbox.folder)])
    assert outcomes[0].state == "failed"
    assert batch.left == 8 - len(outcomes) > 0


def test_when_the_time_is_up_the_rest_says_so_and_goes_on_later(inbox: Inbox) -> None:
    inbox.put("a.txt")
    assert "time is up" in inbox.make(order=replace(CAPTIONS, minutes=0.0))["a.txt"].error
    assert inbox.make()["a.txt"].state == "done"


def test_the_same_file_twice_is_made_once(inbox: Inbox) -> None:
    path = inbox.put("a.txt")
    (inbox.folder / "link.txt").symlink_to(path)
    made = inbox.make(path, inbox.folder, inbox.folder / ".." / "in" / "a.txt", str(inbox.folder / "*.txt"))
    assert list(made) == ["a.txt"]
    assert [one for one in inbox.out.iterdir() if one.is_dir()] == [inbox.out / "a"]


def test_names_that_collide_get_folders_of_their_own_and_keep_them(inbox: Inbox) -> None:
    for name in ("a.txt", "a.md", "A.text", "b/a.txt", "batch.json.txt"):
        inbox.put(name)
    with inbox.batch() as batch:
        first = {one.source: one.folder for one in batch.run([str(inbox.folder)])}
    assert len({folder.casefold() for folder in first.values()}) == 5
    assert "batch.json" not in first.values()
    inbox.put("0/a.txt")  # which comes before the others
    with inbox.batch() as batch:
        after = {one.source: one.folder for one in batch.run([str(inbox.folder)])}
    assert first.items() <= after.items()
    assert len({folder.casefold() for folder in after.values()}) == 6


def test_a_folder_that_is_not_ours_is_left_alone(inbox: Inbox) -> None:
    inbox.put("a.txt")
    (inbox.out / "a").mkdir(parents=True)
    (inbox.out / "a" / "script.json").write_text("mine")
    assert inbox.make()["a.txt"].folder == "a-2"
    assert (inbox.out / "a" / "script.json").read_text() == "mine"


@pytest.mark.parametrize(
    "stem",
    ["Война и мир", "小さな話", "a/b", "..", ".hidden", "con", "NUL.txt", "-rf", "x" * 300, "😀" * 90, "a\nb", "$(rm)",
     "`x`", "\udcff", "a\u202eb", " ", "", "%s", "{0}", "'", "e\u0301", "हिन्दी", "a:b*c?"],
)  # fmt: skip
def test_any_name_makes_a_safe_folder(stem: str, tmp_path: Path) -> None:
    name = folder_name(stem)
    (tmp_path / name).mkdir()
    assert name.isprintable()
    assert len(name.encode()) < 250
    assert name[0] not in ".-" and not set(name) & set('/\\:*?"<>|$`')
    assert name.split(".")[0].casefold() not in {"con", "nul"}


def test_odd_names_are_made_and_found_again(inbox: Inbox, tmp_path: Path) -> None:
    odd = ["Война.txt", "$(touch x).txt", "a'b\"c.txt", "new\nline.txt", "[1].txt", "😀.txt", "-o.txt", "%n{0}.txt"]
    for name in odd:
        inbox.put(name, f"It rained on {odd.index(name)} roofs.\n")
    assert {one.state for one in inbox.make().values()} == {"done"}
    assert {one.state for one in inbox.make().values()} == {"skipped"}
    assert inbox.make(inbox.folder / "[1].txt")["[1].txt"].state == "skipped"


def test_a_name_that_is_no_text_is_made(inbox: Inbox) -> None:
    path = inbox.folder / "caf\udce9.txt"
    try:
        path.write_text("It rained.\n")
    except OSError:
        pytest.skip("this file system has only names that are text")
    made = inbox.make()
    assert [one.state for one in made.values()] == ["done"], made
    assert as_text(path).endswith("caf\\xe9.txt")
    assert [one.state for one in inbox.make().values()] == ["skipped"]


def test_what_is_ours_is_no_narrative(inbox: Inbox) -> None:
    inbox.put("a.txt")
    inbox.out = inbox.folder / "made"
    inbox.make()
    assert list(inbox.make()) == ["a.txt"]
    inbox.out = inbox.folder
    inbox.make()
    assert list(inbox.make()) == ["a.txt"]


def test_a_folder_without_narratives_fails_and_says_what_they_are(inbox: Inbox, tmp_path: Path) -> None:
    for name in (".hidden.txt", "a.txt.part", "~$a.md", "b.pdf", ".git/c.txt"):
        inbox.put(name)
    made = inbox.make()
    assert [one.state for one in made.values()] == ["failed"]
    assert ".epub" in made["in"].error


def test_two_batches_cannot_share_a_folder(inbox: Inbox) -> None:
    inbox.put("a.txt")
    with inbox.batch(), pytest.raises(InputError, match="another batch"), inbox.batch():
        pass
    assert inbox.make()["a.txt"].state == "done"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"schema": "other/1", "files": []}', '{"schema": "wavagent.batch/1", "files": [{"source": 1}]}'],
)
def test_a_damaged_record_is_a_sentence_and_is_left_alone(inbox: Inbox, text: str) -> None:
    inbox.put("a.txt")
    inbox.out.mkdir()
    (inbox.out / "batch.json").write_text(text)
    with pytest.raises(InputError, match="not the record"):
        inbox.make()
    assert (inbox.out / "batch.json").read_text() == text
    (inbox.out / "batch.json").unlink()
    assert inbox.make()["a.txt"].state == "done"


@pytest.mark.parametrize("folder", ["../../up", "/abs", "..", "", "a/b"])
def test_a_record_leads_nowhere_else(inbox: Inbox, folder: str) -> None:
    path = inbox.put("a.txt")
    inbox.out.mkdir()
    told = {"source": str(path), "folder": folder, "state": "done", "outputs": {"x": "y"}}
    (inbox.out / "batch.json").write_text(json.dumps({"schema": "wavagent.batch/1", "files": [told]}))
    assert inbox.make()["a.txt"].folder == "a"


def test_a_folder_that_cannot_be_written_is_a_sentence(inbox: Inbox) -> None:
    inbox.put("a.txt")
    inbox.out.write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        inbox.make()


def test_several_are_on_their_way_at_once(inbox: Inbox) -> None:
    """Both plan only once the other has been read: one after the other would wait for ever."""
    read = threading.Barrier(2, timeout=20.0)
    tell = inbox.tell

    def meet(job: Job, news: Event | Outcome | None) -> None:
        tell(job, news)
        if isinstance(news, Event) and (news.stage, news.kind) == ("read", "start"):
            read.wait()

    inbox.tell = meet  # type: ignore[method-assign]
    inbox.put("a.txt")
    inbox.put("b.txt")
    assert {one.state for one in inbox.make(order=replace(CAPTIONS, jobs=2)).values()} == {"done"}


def test_ctrl_c_keeps_what_was_finished_and_the_same_batch_goes_on(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcd":
        inbox.put(f"{name}.txt", f"It rained on {name} street.\n")
    hear = Batch._hear

    def once(self: Batch, job: Job, outcome: Outcome | None) -> None:
        hear(self, job, outcome)
        monkeypatch.setattr(Batch, "_hear", hear)
        raise KeyboardInterrupt

    monkeypatch.setattr(Batch, "_hear", once)
    with pytest.raises(Cancelled, match="the same command goes on"):
        inbox.make(order=replace(CAPTIONS, jobs=1))
    states = [one.state for one in inbox.make().values()]
    assert states[0] == "skipped"
    assert set(states) <= {"skipped", "done"}


def test_an_event_after_ctrl_c_ends_the_narrative_in_the_middle(inbox: Inbox) -> None:
    """What runs is ended between two steps; the lock is free and nothing half-made counts as finished."""
    inbox.put("a.txt")
    with inbox.batch() as batch:
        tell = inbox.tell

        def stop(job: Job, news: Event | Outcome | None) -> None:
            tell(job, news)
            if isinstance(news, Event) and news.stage == "mix":
                batch._making.stop()

        batch._making._tell = stop
        assert batch.run([str(inbox.folder)]) == []
        assert batch.left == 1
    assert inbox.make()["a.txt"].state == "done"


def test_a_watch_waits_until_a_file_has_stopped_changing(inbox: Inbox) -> None:
    watch = Watch(inbox.folder, inbox.out)
    path = inbox.put("a.txt", "It ")
    assert watch.ready(0.0) == []
    inbox.put("a.txt", "It rained.\n")
    assert watch.ready(SETTLED) == []  # it changed since
    assert watch.ready(1.5 * SETTLED) == []
    assert watch.ready(2.0 * SETTLED) == [path]
    assert watch.ready(9.0 * SETTLED) == []
    inbox.put("a.txt", "It rained a lot.\n")
    assert watch.ready(10.0 * SETTLED) == []
    assert watch.ready(11.0 * SETTLED, busy=[path]) == []
    assert watch.ready(11.0 * SETTLED) == [path]


def test_a_watch_passes_over_what_is_no_whole_narrative(inbox: Inbox) -> None:
    inbox.out = inbox.folder / "made"
    for name in ("a.txt.part", ".a.txt", "~b.txt", "made/x.txt", "c.pdf", "d.txt.crdownload"):
        inbox.put(name)
    inbox.put("empty.txt", "")
    watch = Watch(inbox.folder, inbox.out)
    assert watch.ready(0.0) == watch.ready(2.0) == []
    (inbox.folder / "a.txt.part").rename(inbox.folder / "a.txt")
    watch.ready(3.0)
    assert [path.name for path in watch.ready(5.0)] == ["a.txt"]


def test_a_watched_file_that_is_gone_is_forgotten_and_its_project_left(inbox: Inbox) -> None:
    path = inbox.put("a.txt")
    watch = Watch(inbox.folder, inbox.out)
    watch.ready(0.0)
    assert watch.ready(1.0) == [path]
    inbox.make()
    path.unlink()
    assert watch.ready(2.0) == []
    assert (inbox.out / "a" / "script.json").exists()
    inbox.put("a.txt")
    watch.ready(3.0)
    assert watch.ready(4.0) == [path]
    shutil.rmtree(inbox.folder)
    assert watch.ready(5.0) == []


def test_a_watch_makes_what_comes_and_does_not_try_a_failed_file_again(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wavagent.batch.watch.SETTLED", 0.0)
    monkeypatch.setattr("wavagent.batch.batch.EVERY", 0.01)
    inbox.put("bad.txt", "\n \n")
    inbox.put("a.txt")
    rounds = 0

    def until() -> bool:
        nonlocal rounds
        ended = [(name, one.state) for name, one in inbox.news if isinstance(one, Outcome) and one.state != "waiting"]
        if len(ended) == 2 and not (inbox.folder / "late.txt").exists():
            inbox.put("late.txt", "It was late.\n")
        rounds += len(ended) >= 3
        return rounds > 5

    with inbox.batch() as batch:
        outcomes = {Path(one.source).name: one.state for one in batch.watch(inbox.folder, until)}
    assert outcomes == {"a.txt": "done", "bad.txt": "failed", "late.txt": "done"}
    ended = [name for name, one in inbox.news if isinstance(one, Outcome) and one.state != "waiting"]
    assert sorted(ended) == ["a.txt", "bad.txt", "late.txt"]


def test_a_watch_wants_a_folder(inbox: Inbox) -> None:
    with inbox.batch() as batch, pytest.raises(InputError, match="no folder"):
        batch.watch(inbox.folder / "missing")


def test_a_pattern_finds_files_and_a_literal_name_wins(inbox: Inbox) -> None:
    path = inbox.put("a[1].txt")
    inbox.put("a1.txt")
    assert narratives(str(path), inbox.out) == [path]
    assert [one.name for one in narratives(str(inbox.folder / "a*.txt"), inbox.out)] == ["a1.txt", "a[1].txt"]
