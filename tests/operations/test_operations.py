"""The table of operations: whole, typed, and the same for every face."""

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import wavagent.operations
from wavagent.errors import InputError, ScriptError, Unknown, WavagentError
from wavagent.operations import OPERATIONS, Desk, Operation, do, operation, propose
from wavagent.operations.page import page
from wavagent.project import SCRIPT, Project
from wavagent.script import Script
from wavagent.script.file import dumps
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox

HOUSE = {"__init__", "operation", "desk", "bill", "page"}
"""Files that are no family of operations."""


@pytest.fixture
def desk(tmp_path: Path, script: Script, toolbox: Toolbox) -> Iterator[Desk]:
    Project.create(tmp_path / "story", script, "planned")
    with Studio(Settings(str(tmp_path / "store"), workers=1), toolbox) as studio:
        yield Desk(tmp_path / "story", studio, who="test")


def test_every_family_is_in_the_table() -> None:
    folder = Path(wavagent.operations.__file__).parent
    for path in folder.glob("*.py"):
        if path.stem in HOUSE:
            continue
        module = importlib.import_module(f"wavagent.operations.{path.stem}")
        family = getattr(module, path.stem.upper())
        assert family and all(OPERATIONS[one.name] is one for one in family), path.stem


@pytest.mark.parametrize("one", OPERATIONS.values(), ids=lambda one: one.name)
def test_a_schema_is_one_closed_object_without_references(one: Operation[Any]) -> None:
    told = json.dumps(one.schema)
    assert one.schema["type"] == "object" and one.schema["additionalProperties"] is False
    assert "$ref" not in told and "$defs" not in told
    assert one.summary.endswith(".")


@pytest.mark.parametrize("one", OPERATIONS.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("params", [{"strange": 1}, {"operations": 3}, {"steps": "many", "file": 4}])
def test_wrong_parameters_are_refused_in_a_sentence(one: Operation[Any], params: Any) -> None:
    with pytest.raises(InputError, match=one.name):
        one.read(params)


@pytest.mark.parametrize("name", [name for name, one in OPERATIONS.items() if not one.changes and not one.costs])
def test_what_only_looks_changes_nothing_and_runs_nothing(desk: Desk, name: str, voice: Any) -> None:
    needed: dict[str, Any] = {"explain": {"subject": "mary"}}
    before = dumps(desk.script), len(desk.project.log())
    try:
        answer = do(desk, operation(name), needed.get(name, {}))
        json.dumps(answer.data)
        assert answer.text
    except WavagentError:
        assert name in ("certify", "diff"), "there is no file yet, and one revision only"
    assert (dumps(desk.script), len(desk.project.log())) == before
    assert voice.asked == []


def test_a_proposal_is_what_is_done(desk: Desk) -> None:
    found = propose(desk, operation("edit"), {"operations": [{"op": "relevel", "ids": ["a1"], "by": 3}]})
    assert found is not None and found.changes and not found.free
    assert found.params["base"] == desk.revision
    do(desk, operation(found.operation), found.params)
    with pytest.raises(ScriptError):
        do(desk, operation(found.operation), found.params)  # it was for the revision before


def test_the_same_proposal_has_the_same_digest_and_another_has_another(desk: Desk) -> None:
    edits = [{"operations": [{"op": "relevel", "ids": ["a1"], "by": by}]} for by in (3, 3, 4)]
    digests = [found.digest for edit in edits if (found := propose(desk, operation("edit"), edit)) is not None]
    assert digests[0] == digests[1] != digests[2]


def test_an_edit_that_changes_nothing_says_so(desk: Desk) -> None:
    with pytest.raises(ScriptError, match="changes nothing"):
        propose(desk, operation("edit"), {"operations": [{"op": "relevel", "ids": ["a1"], "by": 0}]})


def test_undo_and_redo_restore_the_file_to_the_byte(desk: Desk) -> None:
    file = desk.folder / SCRIPT
    states = [file.read_bytes()]
    for by in (1, 2):
        do(desk, operation("edit"), {"operations": [{"op": "relevel", "ids": ["a1"], "by": by}]})
        states.append(file.read_bytes())
    do(desk, operation("undo"), {"steps": 2})
    assert file.read_bytes() == states[0]
    do(desk, operation("redo"), {"steps": 2})
    assert file.read_bytes() == states[2]
    found = propose(desk, operation("restore"), {"revision": "2"})
    assert found is not None
    do(desk, operation("restore"), found.params)
    assert file.read_bytes() == states[1]


def test_what_is_done_under_one_mark_is_done_once(desk: Desk) -> None:
    edit = {"operations": [{"op": "relevel", "ids": ["a1"], "by": 3}]}
    found = propose(desk, operation("edit"), edit)
    assert found is not None
    with desk.signed("chat #1"):
        for _ in range(2):
            do(desk, operation("edit"), found.params)
    assert len(desk.project.log()) == 2


def test_elements_are_found_by_scene_speaker_kind_and_words(desk: Desk) -> None:
    def ids(**look: Any) -> list[str]:
        data: Any = do(desk, operation("elements"), look).data
        return [one["id"] for one in data["elements"]]

    assert ids(who="mary") == ["e2", "e5"]
    assert ids(scene="s2", kind="music") == ["m2"]
    assert ids(text="RAIN ON") == ["a1"]
    assert ids(limit=2, start=1) == ["a1", "e1"]
    with pytest.raises(Unknown, match="s9"):
        ids(scene="s9")


def test_only_what_sounds_in_a_stretch_is_made(desk: Desk, voice: Any) -> None:
    found = propose(desk, operation("preview"), {"elements": ["e1"]})
    assert found is not None and not voice.asked
    do(desk, operation("preview"), found.params)
    texts = [request.params.text for request in voice.asked]
    assert "It was late." in texts and "Nobody came." not in texts


def test_after_an_edit_of_a_line_only_that_line_is_made(desk: Desk, voice: Any) -> None:
    do(desk, operation("render"), {})
    voice.asked.clear()
    edit = {"operations": [{"op": "replace_text", "id": "e4", "text": "The sea had risen. "}], "words": "changed"}
    found = propose(desk, operation("edit"), edit)
    assert found is not None and found.bill is not None and found.bill["to_make"] == 1
    do(desk, operation("edit"), found.params)
    data: Any = do(desk, operation("preview"), {"elements": ["e4"]}).data
    assert data["ran"] == ["e4"] and [one.params.text for one in voice.asked] == ["The sea had risen."]


def test_a_stretch_sounds_as_it_does_in_the_whole(desk: Desk) -> None:
    import numpy as np

    from wavagent.preview import Range

    whole = np.concatenate(list(desk.rendering().premaster.blocks()))
    found = desk.studio.preview(desk.script, Range(1.0, 3.0), desk.folder)
    part = np.concatenate(list(found.mix.since(round(found.start * 48_000))))[: 2 * 48_000]
    assert np.array_equal(part, whole[48_000 : 3 * 48_000])


@pytest.mark.parametrize("params", [{"start": 5.0, "end": 4.0}, {"start": 1e6}, {"elements": ["nobody"]},
                                    {"scene": "s9"}, {"scene": "s1", "start": 1.0}])  # fmt: skip
def test_no_stretch_is_refused_in_a_sentence(desk: Desk, params: Any) -> None:
    with pytest.raises(InputError):
        propose(desk, operation("preview"), params)


def test_measurements_say_how_far_beds_lie_under_the_words(desk: Desk) -> None:
    quiet: Any = do(desk, operation("measure"), {}).data
    do(desk, operation("edit"), {"operations": [{"op": "relevel", "ids": ["m1", "m2"], "by": 6}]})
    loud: Any = do(desk, operation("measure"), {}).data
    under = [data["roles"]["music"]["under_words_by"] for data in (quiet, loud)]
    assert under[0] - under[1] == pytest.approx(6.0)
    assert "loudness" not in quiet
    do(desk, operation("render"), {})
    made: Any = do(desk, operation("measure"), {}).data
    assert made["exact"] and made["loudness"] < 0


def test_an_export_has_a_name_of_ours_and_a_format_of_the_table(desk: Desk) -> None:
    answer = do(desk, operation("export"), {"format": "srt"})
    assert [path.relative_to(desk.folder) for path in answer.files] == [Path("out/a-visit.srt")]
    with pytest.raises(InputError, match="no format"):
        propose(desk, operation("export"), {"format": "../evil.mp3"})


def test_a_name_that_is_no_operation_names_the_nearest() -> None:
    with pytest.raises(InputError, match="'undo'"):
        operation("undoo")


def test_the_page_is_that_of_the_code() -> None:
    assert (Path(__file__).parents[2] / "docs" / "chat.md").read_text(encoding="utf-8") == page(), (
        "python -m wavagent.operations.page > docs/chat.md"
    )
