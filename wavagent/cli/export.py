"""`wavagent export`: a rendered script into another file, a file for each chapter, stems."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Commercial, Json, Offline, Picture, Profile, Quiet, StoreUrl

if TYPE_CHECKING:
    from wavagent.export.coding import Coding
    from wavagent.studio import Delivery, Rendering, Studio

Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="OUT", help="A file, or with --per-chapter a folder.")
]
PerChapter = Annotated[
    str, typer.Option("--per-chapter", metavar="FORMAT", help="A file for each chapter: mp3, m4a, flac, opus, …")
]
Stems = Annotated[
    Path | None, typer.Option("--stems", metavar="DIR", help="Also the stems: each speaker, music, ambience, effects.")
]


def export(
    project: Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, or a script.json.")],
    output: Target = None,
    profile: Profile = "universal",
    per_chapter: PerChapter = "",
    stems: Stems = None,
    picture: Picture = None,
    kbps: Annotated[int | None, typer.Option(metavar="N", help="The bit rate of MP3 and AAC, all channels.")] = None,
    vbr: Annotated[bool, typer.Option("--vbr", help="MP3 of variable bit rate.")] = False,
    by_word: Annotated[
        bool, typer.Option("--by-word", help="EPUB: light up every word as it is read, where its time is known.")
    ] = False,
    sample: Annotated[
        float | None, typer.Option(min=1.0, metavar="SECONDS", help="Only the beginning, up to the end of a line.")
    ] = None,
    cover: Annotated[
        Path | None, typer.Option(metavar="PICTURE", help="A JPEG or PNG that goes with the sound.")
    ] = None,
    offline: Offline = False,
    commercial: Commercial = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Write a script's story into any format; what was rendered before is taken from the store."""
    from wavagent.cli.make import told
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.export.coding import Coding
    from wavagent.export.cover import read_cover
    from wavagent.project import script_in

    if output is None and stems is None:
        raise typer.BadParameter("nothing to write; name a file with -o, or a folder with --stems")
    if sample is not None and per_chapter:
        raise typer.BadParameter("a sample is one file; leave out --sample or --per-chapter")
    reporter = Reporter(quiet)
    with reporter.watching():
        began = time.perf_counter()
        _writable(project, output, per_chapter, picture)
        picked = read_cover(cover) if cover is not None else None
        script, folder = script_in(project)
        maker = studio(reporter, store=store, seed=script.seed, offline=offline, commercial=commercial, profile=profile)
        rendering = replace(maker.render(script, folder), cover=picked)
        made = _written(maker, rendering, output, per_chapter, Coding(kbps, vbr, by_word=by_word), sample)
        if picture is not None:
            _draw(rendering, made, picture)
        if stems is not None:
            made += maker.export_stems(rendering, stems)
        return told(reporter, rendering, made, time.perf_counter() - began, as_json=as_json)


def _writable(project: Path, output: Path | None, per_chapter: str, picture: Path | None) -> None:
    """Raises InputError or OutputError for what would only be found out when the story is made."""
    from wavagent.errors import InputError
    from wavagent.export import format_for
    from wavagent.export.picture import picturable

    if project.is_file() and project.suffix.lower() != ".json":
        raise InputError(f"'{project}' is no script; make a story of it with `wavagent make`, or first a `plan`")
    if output is not None:
        format_for(Path(f"chapter.{per_chapter.removeprefix('.')}") if per_chapter else output)
    if picture is not None:
        picturable(picture)


def _written(
    maker: "Studio",
    rendering: "Rendering",
    output: Path | None,
    per_chapter: str,
    coding: "Coding",
    sample: float | None,
) -> "list[Delivery]":
    if output is None:
        return []
    if per_chapter:
        return maker.export_chapters(rendering, output, f".{per_chapter.removeprefix('.')}", coding=coding)
    return [maker.export(rendering, output, coding=coding, sample=sample)]


def _draw(rendering: "Rendering", made: "list[Delivery]", path: Path) -> None:
    """The picture of the only file that was written; a chapter's own can be had from `certify`."""
    from wavagent.errors import OutputError
    from wavagent.export.picture import save
    from wavagent.studio import programme

    certificates = [one.certificate for one in made if one.certificate is not None]
    if len(certificates) != 1:
        raise OutputError("a picture is drawn of one file with sound; name it with -o, without --per-chapter")
    save(certificates[0], path, programme(rendering))
