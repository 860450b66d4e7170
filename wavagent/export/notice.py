"""Credits as a notice to read and print, in Markdown."""

from collections.abc import Iterator
from pathlib import Path

from wavagent.credits import Credit, Credits, RecordingCredit
from wavagent.export.credits import credits_of
from wavagent.export.place import write_text
from wavagent.programme import Programme
from wavagent.text import one_line


def write(programme: Programme, path: Path) -> None:
    """Raises OutputError."""
    write_text(path, markdown(credits_of(programme, path)))


def markdown(credits: Credits) -> str:
    """The credits for a person."""
    return "\n".join(_lines(credits)) + "\n"


def _lines(credits: Credits) -> Iterator[str]:
    by = f", by {_plain(credits.author)}" if credits.author else ""
    yield f"# {_plain(credits.title)}{by}"
    yield f"\n{_plain(credits.disclosure)}"
    if credits.source:
        yield f"\nThe text is {_plain(credits.source)} (sha256 {credits.sha256})."
    if credits.voices:
        yield "\n## Voices\n"
    for voice in credits.voices:
        of = f", after the recording {_plain(voice.reference)}" if voice.reference else ""
        consent = f", allowed by {_plain(voice.consent)}" if voice.consent else ""
        yield f"- {_plain(voice.character)}: {_plain(voice.voice)} of {voice.tool}{of}{consent}"
    if credits.recordings:
        yield "\n## Recordings\n"
    yield from map(_recording, credits.recordings)
    yield "\n## Made with\n"
    for tool in credits.tools:
        yield from _tool(tool)
    yield "\n## Use\n"
    yield from _use(credits)


def _recording(recording: RecordingCredit) -> str:
    by = f", by {_plain(recording.by)}" if recording.by else ""
    return f"- {_plain(recording.file)}{by}; licence: {_plain(recording.licence) or 'not stated'}"


def _tool(tool: Credit) -> Iterator[str]:
    clips = "1 clip" if len(tool.clips) == 1 else f"{len(tool.clips)} clips"
    weights = f"; weights and sounds: {tool.weights_licence}" if tool.weights_licence else ""
    yield f"- **{tool.tool}** {tool.version} ({tool.task}): {clips}. Code: {tool.licence}{weights}"
    yield from (f"  - {_plain(named)}" for named in (*tool.by, *tool.libraries))


def _use(credits: Credits) -> Iterator[str]:
    if credits.obstacles:
        yield "This may not be used commercially:\n"
        yield from (f"- {_plain(obstacle)}" for obstacle in credits.obstacles)
    else:
        yield (
            "The licences of all it was made with allow commercial use. The text has a licence of its own, which is "
            "not known here."
        )


def _plain(text: str) -> str:
    """`text` on one line, as text: nothing in it is markup."""
    line = one_line(text)
    for mark in "\\`*_[]<>#|":
        line = line.replace(mark, f"\\{mark}")
    return line
