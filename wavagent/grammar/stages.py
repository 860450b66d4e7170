"""Forms on scenes and on the story as a whole."""

from collections.abc import Sequence

from wavagent.grammar.finding import Missing, Unfit
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.pattern import OPENING
from wavagent.grammar.vocabulary import SPACES
from wavagent.script import Script
from wavagent.script.patch import (
    Edit,
    ForgetPronunciation,
    MergeScenes,
    MoveScene,
    Pronounce,
    RemoveScene,
    SetScene,
    SetStory,
    SplitScene,
)
from wavagent.text import one_line, shown


def _space(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.places.all(reading["scene"])
    words = reading["space"].lower()
    space = SPACES.get(words) or SPACES.get(words.removeprefix("the "))
    if space is None:
        raise Missing(
            f"there is no space “{shown(words, 40)}”; there are: dry, a room, a small room, a hall, a church, "
            "outdoors, a forest, a cave, the street, the phone, the radio, a tunnel"
        )
    return [SetScene(ids=ids, space=space)]


def _dry(reading: Reading) -> Sequence[Edit]:
    return [SetScene(ids=reading.refer.places.all(reading["scene"]), space="dry")]


def _heading(reading: Reading) -> Sequence[Edit]:
    return [SetScene(ids=(reading.refer.places.one(reading["scene"]),), heading=one_line(reading.text("heading")))]


def _no_heading(reading: Reading) -> Sequence[Edit]:
    return [SetScene(ids=reading.refer.places.all(reading["scene"]), clear_heading=True)]


def _split(reading: Reading) -> Sequence[Edit]:
    at = reading.refer.line(reading["line"])
    if "scene" in reading:
        scene = reading.refer.places.one(reading["scene"])
        held = next(one for one in reading.script.scenes if one.id == scene)
        if all(one.id != at for one in held.elements):
            raise Missing(f"“{reading['line']}” is not in {reading.refer.places.label(scene)}")
    return [SplitScene(at=at, heading=one_line(reading.text("heading")) or None)]


def _merge(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.places.all(reading["scenes"])
    if len(ids) < 2:
        raise Missing("name the scenes that become one: merge scenes 2 and 3")
    return [MergeScenes(ids=tuple(sorted(ids, key=reading.refer.places.ids.index)))]


def _remove(reading: Reading) -> Sequence[Edit]:
    return [RemoveScene(id=id) for id in reading.refer.places.all(reading["scene"])]


def _move(reading: Reading) -> Sequence[Edit]:
    places = reading.refer.places
    id = places.one(reading["scene"])
    if "other" not in reading:
        return [MoveScene(id=id, after=None if reading["edge"].lower() != "end" else _last(reading.script, id))]
    other = places.one(reading["other"])
    if other == id:
        raise Missing("a scene cannot be moved next to itself")
    if reading["side"].lower() == "after":
        return [MoveScene(id=id, after=other)]
    rest = [one for one in places.ids if one != id]
    at = rest.index(other)
    return [MoveScene(id=id, after=rest[at - 1] if at else None)]


def _last(script: Script, id: str) -> str:
    rest = [scene.id for scene in script.scenes if scene.id != id]
    if not rest:
        raise Missing("there is only one scene")
    return rest[-1]


def _title(reading: Reading) -> Sequence[Edit]:
    title = one_line(reading.text("title"))
    if not title:
        raise Missing("say the title: title: The Storm")
    return [SetStory(title=title)]


def _author(reading: Reading) -> Sequence[Edit]:
    return [SetStory(author=one_line(reading.text("author")))]


def _seed(reading: Reading) -> Sequence[Edit]:
    return [SetStory(seed=int(reading["seed"]))]


def _pronounce(reading: Reading) -> Sequence[Edit]:
    word, say = one_line(reading.text("word")), one_line(reading.text("say"))
    if not word or not say:
        raise Missing("say the word and how it is said: pronounce “Nguyen” as “win”")
    if not reading["word"].startswith(OPENING) and reading.refer.lines.find(reading["word"], reading.refer.settled):
        raise Unfit("that is a line")
    return [Pronounce(word=word, say=say)]


def _forget(reading: Reading) -> Sequence[Edit]:
    return [ForgetPronunciation(word=one_line(reading.text("word")))]


FORMS = (
    Form(
        "space",
        "scenes",
        "Where a scene sounds.",
        ("scene 2 in a hall", "scene 1 is outdoors", "set scene 2 on the phone"),
        lines("""
            [set |put |place |move |have |let ]{scene} [is |plays |happens |takes place |should be |sounds ]\
                ([as if ]in|on|over|inside|into|at|to) {space:name}
            [set |make |put |have ]{scene} [is |plays |happens |takes place |should be |sounds ]\
                {space=outdoors|outside|indoors|inside|dry|in the open}
            [set ]the space of {scene} (is|to|should be) {space:name}
            {scene}: {space:name}
        """),
        _space,
    ),
    Form(
        "no reverb",
        "scenes",
        "No room around a scene.",
        ("no reverb in scene 2",),
        lines("""
            (no|without|remove the|less) (reverb|echo|reverberation|room sound) (in|on|from) {scene}
        """),
        _dry,
    ),
    Form(
        "heading",
        "scenes",
        "What a scene is called.",
        ("rename scene 2 to “The Wreck”", "heading of scene 1: “Dawn”"),
        lines("""
            (rename|call|title|name) {scene} [(to|as|into) ]{heading:quote}
            rename {scene} (to|as|into) {heading:words}
            [the ](heading|title|name) of {scene}[:| is| should be] {heading:quote}
            {scene} is called {heading:quote}
        """),
        _heading,
    ),
    Form(
        "no heading",
        "scenes",
        "A scene without a heading starts no chapter.",
        ("remove the heading of scene 2",),
        lines("""
            (remove|delete|drop|clear) the (heading|title|name) (of|from) {scene}
            no (heading|title) (for|in) {scene}
        """),
        _no_heading,
    ),
    Form(
        "split a scene",
        "scenes",
        "A new scene starts at a line.",
        ("split scene 2 at line 20", "start a new scene at line 9"),
        lines("""
            (split|cut|divide|break) {scene} (at|before) {line}[ called {heading:quote}]
            (start|begin) a new (scene|chapter) (at|with|before) {line}[ called {heading:quote}]
        """),
        _split,
    ),
    Form(
        "merge scenes",
        "scenes",
        "Make one scene of scenes that follow each other.",
        ("merge scenes 2 and 3",),
        lines("""
            (merge|join|combine) {scenes}
        """),
        _merge,
    ),
    Form(
        "remove a scene",
        "scenes",
        "Take a scene out, with all that is in it.",
        ("remove scene 2",),
        lines("""
            (cut|remove|delete|drop|take out|get rid of) {scene}
        """),
        _remove,
    ),
    Form(
        "move a scene",
        "scenes",
        "Another order of scenes.",
        ("move scene 2 before scene 1", "move scene 1 to the end"),
        lines("""
            (move|put|shift) {scene} {side=before|after} {other}
            (move|put|shift) {scene} to the {edge=front|start|beginning|end}
        """),
        _move,
    ),
    Form(
        "title",
        "story",
        "The story's title.",
        ("title: The Long Night", "call the story “The Storm”"),
        lines("""
            [the |new ]title[:| is| should be] {title:rest}
            (rename|call|title|name) (the story|it|this story)[ to] {title:quote}
            rename the story to {title:words}
            (change|set) the title to {title:rest}
        """),
        _title,
    ),
    Form(
        "author",
        "story",
        "Whom the story is by.",
        ("author: Jane Doe",),
        lines("""
            [the ]author[:| is| should be] {author:rest}
            (change|set) the author to {author:rest}
            [the story is ](written by|by) {author:name}
        """),
        _author,
    ),
    Form(
        "seed",
        "story",
        "Another seed makes everything anew that listens to one.",
        ("seed 7",),
        lines("""
            [set |use |the ]seed[:| to| is] {seed:digits}
        """),
        _seed,
    ),
    Form(
        "pronounce",
        "story",
        "How a word is said wherever it stands.",
        ("pronounce “Nguyen” as “win”", "say “Worcester” like “Wooster”"),
        lines("""
            pronounce {word:name} (as|like) {say:name}
            (pronounce|say|read|speak) {word:quote} (as|like) {say:quote}
            pronounce {word:quote} {say:quote}
            {word:quote} (is|should be|must be) (pronounced|said|spoken)[ as| like] {say:quote}
        """),
        _pronounce,
    ),
    Form(
        "forget a pronunciation",
        "story",
        "Say a word as the voice does by itself.",
        ("forget the pronunciation of “Siobhan”",),
        lines("""
            (forget|remove|delete|drop) the pronunciation of {word:quote}
            (forget|remove|delete|drop) the pronunciation of {word:name}
        """),
        _forget,
    ),
)
