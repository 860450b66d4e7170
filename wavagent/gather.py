"""The files of a project, as a script names them: its recordings, what voices are taken from, melodies and heads."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from wavagent.errors import InputError, OutputError, ScriptError
from wavagent.export.place import replacing
from wavagent.script import Character, Element, Music, Recording, Script
from wavagent.script.material import materials, with_materials
from wavagent.text import shown


def gathered(script: Script, folder: Path) -> Script:
    """`script` with the sha256 of every element's files; a voice's recording is the one that consent was given for.

    Raises ScriptError and InputError.
    """
    for character in script.cast:
        _allowed(character, folder)

    scenes = tuple(
        scene.model_copy(update={"elements": tuple(_gathered(element, folder) for element in scene.elements)})
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


def files_of(script: Script) -> tuple[str, ...]:
    """The files that `script` names, each once: they are relative to its project's folder."""
    return tuple(dict.fromkeys(_files(script)))


def bring(script: Script, old: Path, new: Path) -> None:
    """Copy the files that `script` names from the project's folder `old` to `new`, where they are not there yet.

    Raises ScriptError, InputError, and OutputError where another file has such a name there.
    """
    old, new = old.resolve(), new.resolve()
    for file in files_of(script) if old != new else ():
        path, there = _inside(file, "a recording", old), _inside(file, "a recording", new)
        if not path.is_file():
            continue  # which is said when the story is made
        if there.exists():
            if sha256_of(there) != sha256_of(path):
                raise OutputError(f"'{there}' is there and is another file; move it away, or choose another folder")
            continue
        with replacing(there) as fresh:
            shutil.copyfile(path, fresh)


def sha256_of(path: Path, name: str = "") -> str:
    """The sha256 of a file, which is called `name` where it cannot be read. Raises InputError."""
    called = name or f"'{shown(path.name)}'"
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{called} is no file; name a sound file")
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{called} cannot be read ({error.strerror or error}); put it back, or name another"
        ) from error


def _gathered(element: Element, folder: Path) -> Element:
    """`element` with the sha256 of its files. Raises ScriptError and InputError."""
    what = f"{element.kind} '{element.id}'"
    if isinstance(element, Recording):
        element = element.model_copy(update={"sha256": _digest(element.file, what, folder)})
    if isinstance(element, Recording | Music):
        return with_materials(element, lambda one: one.with_sha256(_digest(one.file, what, folder)))
    return element


def _files(script: Script) -> Iterator[str]:
    for character in script.cast:
        if character.voice is not None and character.voice.reference is not None:
            yield character.voice.reference
    for element in script.elements:
        if isinstance(element, Recording):
            yield element.file
        if isinstance(element, Recording | Music):
            yield from (material.file for material in materials(element))


def _allowed(character: Character, folder: Path) -> None:
    """Raises ScriptError when what the voice of `character` is taken from is not what somebody consented to."""
    voice = character.voice
    if voice is None or voice.reference is None:
        return
    what = f"the voice of {shown(character.name)}"
    digest = _digest(voice.reference, what, folder)
    if voice.consent is not None:
        voice.consent.must_cover(voice.reference, digest, what)


def _digest(file: str, what: str, folder: Path) -> str:
    """Raises ScriptError and InputError."""
    return sha256_of(_inside(file, what, folder), f"{what}: '{shown(file)}'")


def _inside(file: str, what: str, folder: Path) -> Path:
    """A file of the project in `folder`. Raises ScriptError when it leads out of it."""
    try:
        path = (folder / file).resolve()
    except (OSError, RuntimeError) as error:
        raise ScriptError(f"{what}: '{shown(file)}' leads nowhere ({error}); copy the file in") from error
    if not path.is_relative_to(folder):
        raise ScriptError(f"{what} leads out of the project: '{shown(file)}'; copy it in")
    return path
