"""The readable view: everything in it is text, never markup."""

import pytest
from markdown_it import MarkdownIt

from wavagent.script import (
    Ambience,
    Anchor,
    Character,
    Delivery,
    Music,
    Operation,
    Pause,
    Recording,
    Scene,
    Script,
    Sound,
    Speech,
    Trait,
    Traits,
    Voice,
)
from wavagent.script.readable import readable
from wavagent.text import one_line

HOSTILE = "# *a* _b_ `c` [d](http://e) <i>f</i> | ~~g~~ &lt; \\* ![h](i)\n\n- j\n> k \0 $(l) ``` אב"


def test_a_script_reads_like_a_play(script: Script) -> None:
    assert readable(script) == (
        "# A Visit\n\nby Nobody\n\n## Cast\n\n"
        "- **Narrator** (`narrator`)\n- **Mary** (`mary`): also Miss Mary; gender: female\n"
        "\n## Evening\n\n*room*\n\n> ♫ calm piano\n\n> ☂ rain on the roof\n\n"
        "**Narrator**: It was late.\n\n**Mary**: “Who is there?”\n\n**Narrator**: said Mary.\n\n"
        "> ◆ a knock @ “is” in e2 -0.2 s\n\n> ◆ a door opens\n\n`pause 1 s`\n\n"
        "\n## Night\n\n*outdoors*\n\n> ♫ tense strings @ start of e4\n\n"
        "**Narrator**: The wind had risen.\n\n**Mary**: “Come in!”\n\n**Narrator**: …\n\n"
        "**Narrator** ⚑: Nobody came.\n\n"
    )


def test_a_recording_is_shown_with_what_is_done_to_it() -> None:
    recording = Recording(id="r", file="a.wav", chain=(Operation(tool="louder"), Operation(tool="softer")))
    shown = readable(Script(scenes=(Scene(id="s", heading=None, elements=(recording,)),)))
    assert "## s\n" in shown
    assert "> ● a.wav → louder → softer\n" in shown


def _with_everything(text: str) -> Script:
    mary = Character(
        id="mary", name=text, aliases=(text,), traits=Traits(age=Trait(value=text)), voice=Voice(tool=text, id=text)
    )
    line = Speech(id="e", who="mary", text=text + " word", delivery=Delivery(emotion=text, note=text))
    anchor = Anchor(element="e", edge="word", word=0)
    scene = Scene(
        id="s",
        heading=text,
        mood=text,
        setting=text,
        elements=(
            line,
            Sound(id="n", what=text, anchor=anchor),
            Music(id="m", what=text, start=anchor),
            Ambience(id="a", what=text),
            Pause(id="p", seconds=1.0, text=text),
            Recording(id="r", file="a", chain=(Operation(tool=text),)),
        ),
    )
    return Script(title=text, author=text, cast=(*Script().cast, mary), scenes=(scene,))


def test_no_text_becomes_markup() -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(readable(_with_everything(HOSTILE)))
    plain = [
        token.type for token in MarkdownIt("gfm-like", {"linkify": False}).parse(readable(_with_everything("plain")))
    ]
    assert [token.type for token in tokens] == plain
    inside = {child.type for token in tokens for child in token.children or ()}
    assert inside <= {
        "text",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
        "code_inline",
        "softbreak",
        "text_special",
    }


def test_what_markdown_shows_is_the_text_itself() -> None:
    (title, *_) = (t for t in MarkdownIt().parse(readable(Script(title=HOSTILE))) if t.type == "inline")
    assert "".join(child.content for child in title.children or ()) == one_line(HOSTILE)


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_every_element_is_one_line(mark: str) -> None:
    lines = len(readable(_with_everything("a b")).split("\n"))
    assert len(readable(_with_everything(f"a{mark}b")).splitlines()) == lines - 1


def test_a_pause_of_no_length_is_not_shown() -> None:
    scene = Scene(id="s", elements=(Pause(id="p", seconds=0.0, text="***"),))
    assert readable(Script(scenes=(scene,))).endswith("*dry*\n\n")
