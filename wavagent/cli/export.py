"""`wavagent export`: a rendered script into another file, a file for each chapter, stems."""

import time
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
    from wavagent.project import script_in

    if output is None and stems is None:
        raise typer.BadParameter("nothing to write; name a file with -o, or a folder with --stems")
    reporter = Reporter(quiet)
    with reporter.watching():
        began = time.perf_counter()
        script, folder = script_in(project)
        maker = studio(reporter, store=store, seed=script.seed, offline=offline, commercial=commercial, profile=profile)
        rendering = maker.render(script, folder)
        made = _written(maker, rendering, output, per_chapter, Coding(kbps, vbr))
        if picture is not None:
            _draw(rendering, made, picture)
        if stems is not None:
            made += maker.export_stems(rendering, stems)
        return told(reporter, rendering, made, time.perf_counter() - began, as_json=as_json)


def _written(
    maker: "Studio", rendering: "Rendering", output: Path | None, per_chapter: str, coding: "Coding"
) -> "list[Delivery]":
    if output is None:
        return []
    if per_chapter:
        return maker.export_chapters(rendering, output, f".{per_chapter.removeprefix('.')}", coding=coding)
    return [maker.export(rendering, output, coding=coding)]


def _draw(rendering: "Rendering", made: "list[Delivery]", path: Path) -> None:
    """The picture of the only file that was written; a chapter's own can be had from `certify`."""
    from wavagent.errors import OutputError
    from wavagent.export.picture import save
    from wavagent.studio import programme

    certificates = [one.certificate for one in made if one.certificate is not None]
    if len(certificates) != 1:
        raise OutputError("a picture is drawn of one file with sound; name it with -o, without --per-chapter")
    save(certificates[0], path, programme(rendering))
