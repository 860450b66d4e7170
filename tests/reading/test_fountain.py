from pathlib import Path

import pytest

from wavagent.reading import Document, read, read_text


def screenplay(text: str) -> Document:
    return read_text(text, "x.fountain")


def parts(document: Document) -> list[tuple[str, str, str, str]]:
    return [(part.kind, part.who, part.manner, document.text[part.start : part.end]) for part in document.parts]


def test_action_dialogue_and_transitions() -> None:
    document = screenplay(
        "INT. ROOM - DAY #1#\n\nA man sits.\n\nANN (V.O.)\n(softly)\nNo *more*.\n\nBOB ^\nYes.\n\nCUT TO:\n"
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "INT. ROOM - DAY")]
    assert parts(document) == [
        ("narration", "", "", "A man sits."),
        ("speech", "ANN", "softly", "No more."),
        ("speech", "BOB", "", "Yes."),
        ("direction", "", "", "CUT TO:"),
    ]
    assert document.attributed


def test_the_title_page_is_no_text() -> None:
    document = screenplay("Title:\n    _**BIG**_\n    FISH\nAuthor: Ann\nContact:\n\tx\n\nA man sits.")
    assert (document.title, document.author, document.text) == ("BIG FISH", "Ann", "A man sits.")


def test_sections_are_headings_over_what_follows_and_not_text() -> None:
    document = screenplay("# Act One\n\n## Dawn\n\nA man sits.\n\n# Act Two\n\nHe stands.")
    assert [(heading.start, heading.end, heading.level) for heading in document.headings] == [
        (0, 0, 1),
        (0, 0, 2),
        (13, 13, 1),
    ]
    assert document.text == "A man sits.\n\nHe stands."


def test_what_nobody_reads_out_is_left_out_and_counted() -> None:
    document = screenplay("A /* no\n\nno */man[[no]] sits.\n\n= no\n\n===\n\nHe [[stands.")
    assert document.text == "A man sits.\n\nHe [[stands."
    assert {"left out: boneyards (1)", "left out: notes (1)", "left out: synopses (1)"} <= set(document.notes)


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("!CUT TO:", "narration", "CUT TO:"),
        ("> FADE TO WHITE", "direction", "FADE TO WHITE"),
        ("> The End <", "narration", "The End"),
        ("~ Happy birthday", "narration", "Happy birthday"),
        ("Steel types \\*9765\\* and _then_ **runs**.", "narration", "Steel types *9765* and then runs."),
        ("He dialed *69 and then *23.", "narration", "He dialed *69 and then *23."),
    ],
)
def test_forced_and_marked_lines(line: str, kind: str, text: str) -> None:
    document = screenplay(f"A man sits.\n\n{line}\n\nHe stands.")
    assert parts(document)[1][0] == kind and parts(document)[1][3] == text


def test_a_beat_is_a_pause_between_what_is_said() -> None:
    document = screenplay("ANN\nNo.\n(beat)\nYes.\n\nShe smiles.")
    assert [(part.kind, part.start, part.seconds) for part in document.parts[:3]] == [
        ("speech", 0, None),
        ("pause", 3, 1.0),
        ("speech", 5, None),
    ]


@pytest.mark.parametrize(
    ("name", "speakers"),
    [
        ("fixtures_nyousefi/Dialogue.fountain", ["ADAM", "EVE", "R2D2"]),
        ("fixtures_screenplay-tools/Dialogue.fountain", ["BOB", "DAN", "FISH", "SANBORN"]),
        ("fixtures_screenplay-tools/Parenthetical.fountain", ["BOB", "DAN", "MONKEY", "SANBORN"]),
        ("Brick-and-Steel.fountain", ["BRICK", "COGNITO", "DAN", "JACK", "STEEL"]),
    ],
)
def test_real_screenplays_have_their_speakers(shared: Path, name: str, speakers: list[str]) -> None:
    document = read(shared / "fountain" / name)
    there = {part.who for part in document.parts if part.kind == "speech"}
    assert set(speakers) <= there and not any(who.islower() or ":" in who for who in there)


def test_every_word_of_a_part_is_in_one_part(shared: Path) -> None:
    """Parts and scene headings tile the text: between them there is only white space."""
    for path in sorted((shared / "fountain").glob("**/*.fountain")):
        if path.name in ("SectionHeaders.fountain", "Synopses.fountain"):
            continue
        document = read(path)
        covered = sorted([(p.start, p.end) for p in document.parts] + [(h.start, h.end) for h in document.headings])
        last = 0
        for start, end in covered:
            assert not document.text[last:start].strip()
            last = max(last, end)
        assert not document.text[last:].strip()
