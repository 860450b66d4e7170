"""Mixes for editors, read back: Reaper projects by a small parser here, OTIO by its own library where it is there."""

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
import soundfile

from wavagent.audio import Audio
from wavagent.errors import OutputError
from wavagent.export import otio, rpp
from wavagent.export.session import CENTRE, apart, repeats, session
from wavagent.programme import Clip, Mark, Placed, Programme
from wavagent.timeline import Cue, Moment

Make = Callable[..., Programme]

RATE = 48_000
CUES = [
    (Cue("m1", "music", Moment(), clip="tune", loop=True, fade_in=1.5, fade_out=2.5, text="calm piano"), 0, 340_000),
    (Cue("a", "speech", Moment(), clip="a", speaker="narrator", text='He said "no".', space="hall"), 24_001, 96_001),
    (Cue("b", "speech", Moment(), clip="b", speaker="mary", text='It\'s "so" `odd`', pan=-0.25), 90_000, 150_000),
    (Cue("c", "speech", Moment(), clip="c", speaker="narrator", text=""), 120_000, 150_000),
    (Cue("n1", "sound", Moment(), clip="knock", text="a knock"), 130_000, 140_000),
    (Cue("n2", "sound", Moment(), clip="knock", text="a knock", gain=-6.0), 135_000, 145_000),
    (Cue("p", "pause", Moment(), seconds=1.0), 150_000, 198_000),
]
CLIPS = {
    "tune": Audio(np.full((50_000, 2), 0.1, np.float32), 24_000),
    "a": Audio(np.full((33_075, 1), 0.2, np.float32), 22_050),
    "b": Audio(np.full((27_563, 1), 0.3, np.float32), 22_050),
    "c": Audio(np.full((30_000, 1), 1.5, np.float32), 48_000),
    "knock": Audio(np.full((10_000, 1), 0.4, np.float32), 48_000),
}


@pytest.fixture
def mix(programme: Make) -> Programme:
    placed = tuple(Placed(cue, start, end) for cue, start, end in sorted(CUES, key=lambda one: one[1]))
    return programme(
        8.0,
        placed=placed,
        chapters=(Mark("One", 0.0, 4.0), Mark('Two "<&>"', 4.0, 8.0)),
        clip=lambda one: Clip(CLIPS[one.cue.clip], 2.0 + one.cue.gain),
        ducks={"music": ((-0.1, 0.0), (0.25, -16.0), (3.0, -16.0), (3.5, 0.0))},
    )


Node = tuple[list[str], list[Any]]


def parsed(text: str) -> Node:
    """A Reaper project as nested (head, children); a child without children is a list of words."""
    root: Node = ([], [])
    open_nodes = [root]
    for line in text.splitlines():
        lexer = shlex.shlex(line.strip().removeprefix("<"), posix=True)
        lexer.quotes, lexer.escape, lexer.whitespace_split, lexer.commenters = "\"'`", "", True, ""
        words = list(lexer)
        if line.strip().startswith("<"):
            node: Node = (words, [])
            open_nodes[-1][1].append(node)
            open_nodes.append(node)
        elif words == [">"]:
            open_nodes.pop()
        else:
            open_nodes[-1][1].append(words)
    assert open_nodes == [root]
    return root


def fields(node: Node) -> dict[str, list[str]]:
    return {child[0]: child[1:] for child in node[1] if isinstance(child, list)}


def nodes(node: Node, kind: str) -> list[Node]:
    return [child for child in node[1] if isinstance(child, tuple) and child[0][0] == kind]


def test_a_reaper_project_reads_back_equal(mix: Programme, tmp_path: Path) -> None:
    rpp.write(mix, tmp_path / "a b.rpp")
    (project,) = nodes(parsed((tmp_path / "a b.rpp").read_text("utf-8")), "REAPER_PROJECT")
    markers = [child[1:] for child in project[1] if isinstance(child, list) and child[0] == "MARKER"]
    assert [(float(at), title) for _, at, title, _ in markers] == [(0.0, "One"), (4.0, 'Two "<&>"')]
    tracks = {fields(track)["NAME"][0]: nodes(track, "ITEM") for track in nodes(project, "TRACK")}
    assert list(tracks) == ["Narrator", "Mary", "Music", "Effects"]
    wanted = {
        "Narrator": ["a", "c"],
        "Mary": ["b"],
        "Music": ["m1"],
        "Effects": ["n1", "n2"],
    }
    cues = {cue.id: (cue, start, end) for cue, start, end in CUES}
    for name, items in tracks.items():
        for item, id in zip(items, wanted[name], strict=True):
            _equals(fields(item), *cues[id])
            (source,) = nodes(item, "SOURCE")
            sound, rate = soundfile.read(tmp_path / fields(source)["FILE"][0], dtype="float32", always_2d=True)
            clip = CLIPS[str(cues[id][0].clip)]
            assert rate == clip.rate and np.array_equal(sound, clip.samples)


def _equals(item: dict[str, list[str]], cue: Cue, start: int, end: int) -> None:
    assert round(float(item["POSITION"][0]) * RATE) == start
    assert round(float(item["LENGTH"][0]) * RATE) == end - start
    assert float(item["SOFFS"][0]) == 0.0
    assert item["LOOP"] == [str(int(cue.loop))]
    assert float(item["FADEIN"][1]) == (cue.fade_in or 0.005)
    assert float(item["FADEOUT"][1]) == (cue.fade_out or 0.005)
    volume, pan = float(item["VOLPAN"][0]), float(item["VOLPAN"][1])
    mono = CLIPS[str(cue.clip)].channels == 1
    assert 20 * np.log10(volume) == pytest.approx(2.0 + cue.gain + (CENTRE if mono else 0.0), abs=0.001)
    assert pan == cue.pan


def test_music_gives_way_by_its_envelope(mix: Programme, tmp_path: Path) -> None:
    rpp.write(mix, tmp_path / "a.rpp")
    (project,) = nodes(parsed((tmp_path / "a.rpp").read_text("utf-8")), "REAPER_PROJECT")
    envelopes = {fields(track)["NAME"][0]: nodes(track, "VOLENV2") for track in nodes(project, "TRACK")}
    assert {name for name, found in envelopes.items() if found} == {"Music"}
    points = [child[1:] for child in envelopes["Music"][0][1] if child[0] == "PT"]
    assert [float(point[0]) for point in points] == [0.25, 3.0, 3.5]
    assert 20 * np.log10(float(points[0][1])) == pytest.approx(-16.0)


@pytest.mark.parametrize(
    ("text", "held"), [("a", '"a"'), ('a "b"', "'a \"b\"'"), ("\"'", "`\"'`"), ("\"'`\n>", "`\"'' >`")]
)
def test_reaper_can_read_any_text(text: str, held: str) -> None:
    assert rpp.quoted(text) == held


def test_an_otio_timeline_says_when_every_clip_sounds(mix: Programme, tmp_path: Path) -> None:
    otio.write(mix, tmp_path / "a b.otio")
    timeline = json.loads((tmp_path / "a b.otio").read_text("utf-8"))
    tracks = timeline["tracks"]["children"]
    assert [track["name"] for track in tracks] == ["Narrator", "Mary", "Music", "Effects", "Effects 2"]
    found = []
    for track in tracks:
        at = 0.0
        for child in track["children"]:
            length = child["source_range"]["duration"]["value"]
            if child["OTIO_SCHEMA"] == "Clip.2":
                found.append((child["metadata"]["wavagent"]["cue"], at, at + length))
                media = child["media_references"]["DEFAULT_MEDIA"]
                assert (tmp_path / unquote(media["target_url"])).is_file()
                assert length <= media["available_range"]["duration"]["value"]
            at += length
    spans = {id: (min(s for i, s, _ in found if i == id), max(e for i, _, e in found if i == id)) for id, _, _ in found}
    assert spans == {cue.id: (start, end) for cue, start, end in CUES if cue.clip}
    assert len([id for id, _, _ in found if id == "m1"]) == 4  # a loop is its clip, again and again


def test_the_library_of_otio_reads_it_and_writes_it_equal(mix: Programme, tmp_path: Path) -> None:
    library = pytest.importorskip("opentimelineio", reason="opentimelineio is not installed here")
    otio.write(mix, tmp_path / "a.otio")
    timeline = library.adapters.read_from_file(str(tmp_path / "a.otio"))
    assert timeline.duration() == library.opentime.RationalTime(340_000, RATE)
    assert [marker.name for marker in timeline.tracks.markers] == ["One", 'Two "<&>"']
    assert {clip.name for clip in timeline.find_clips()} >= {"a knock", "calm piano"}
    library.adapters.write_to_file(timeline, str(tmp_path / "b.otio"))
    assert library.adapters.read_from_file(str(tmp_path / "b.otio")).is_equivalent_to(timeline)


def test_a_clip_that_sounds_twice_is_one_file(mix: Programme, tmp_path: Path) -> None:
    tracks = {track.name: track for track in session(mix, tmp_path / "a.rpp")}
    assert len({take.file for take in tracks["Effects"].takes}) == 1
    assert len(list((tmp_path / "a-media").iterdir())) == len(CLIPS)


def test_rows_hold_no_two_clips_at_once(mix: Programme, tmp_path: Path) -> None:
    tracks = {track.name: track for track in session(mix, tmp_path / "a.rpp")}
    rows = apart(tracks["Effects"].takes)
    assert [[take.placed.cue.id for take in row] for row in rows] == [["n1"], ["n2"]]
    assert list(repeats(tracks["Narrator"].takes[0])) == [(0, 72_000)]


def test_without_its_clips_a_mix_cannot_be_taken_apart(mix: Programme, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="what it is made of"):
        rpp.write(replace(mix, clip=None), tmp_path / "a.rpp")
    assert not list(tmp_path.iterdir())
