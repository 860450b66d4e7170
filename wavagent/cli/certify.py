"""`wavagent certify`: audio files and books, measured and held against delivery specifications."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wavagent.cli.options import Json, Picture

if TYPE_CHECKING:
    from wavagent.export import Album, Certificate


def certify(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="Audio files of any kind, EPUBs, folders of them.", show_default=False),
    ],
    profile: Annotated[
        str, typer.Option(metavar="NAME[,NAME…]", help="The specifications: universal, apple, acx, ebu, … or all.")
    ] = "universal",
    picture: Picture = None,
    as_json: Json = False,
) -> int:
    """Measure audio files and say whether they, and all together, meet delivery specifications."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.errors import InputError
    from wavagent.export import PROFILES, certified, measure, profile_named, together
    from wavagent.export.picture import picturable, save

    names = list(PROFILES) if profile == "all" else [name.strip() for name in profile.split(",")]
    profiles = [profile_named(name) for name in names]
    paths = list(_files(files))
    if picture is not None and len(paths) > 1:
        raise InputError(f"a picture is drawn of one file, and {len(paths)} were named; name one")
    if picture is not None:
        picturable(picture)
    measured = [measure(path) for path in paths]
    certificates = [[certified(found, one) for found in measured] for one in profiles]
    albums = [together(held, one) for held, one in zip(certificates, profiles, strict=True)] if len(paths) > 1 else []
    if picture is not None:
        save(certificates[0][0], picture)
    if as_json:
        print(json.dumps(_json(certificates, albums), ensure_ascii=False))
    else:
        _show(certificates, albums)
    passed = all(one.passed for held in certificates for one in held) and all(album.passed for album in albums)
    return OK if passed else DEGRADED


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files that were named, and what sounds in the folders that were."""
    from wavagent.errors import InputError
    from wavagent.export import FORMATS

    endings = tuple(form.suffix for form in FORMATS.values() if form.kind in ("audio", "book"))
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(one for one in path.iterdir() if one.name.lower().endswith(endings) and one.is_file())
        if not inside:
            raise InputError(
                f"no sound lies in the folder '{path}'; name a file, or a folder with {', '.join(endings)}"
            )
        yield from inside


def _json(certificates: "Sequence[Sequence[Certificate]]", albums: "Sequence[Album]") -> Any:
    """One certificate as an object, several as a list; with more than one file, also what they are together."""
    every = [one.to_json() for held in certificates for one in held]
    if albums:
        return {"certificates": every, "sets": [album.to_json() for album in albums]}
    return every[0] if len(every) == 1 else every


def _show(certificates: "Sequence[Sequence[Certificate]]", albums: "Sequence[Album]") -> None:
    from rich.console import Console

    from wavagent.cli.certificate import show, show_album

    console = Console(highlight=False)
    for album in albums:
        show_album(album, console)
    if not albums:
        for held in certificates:
            show(held[0], console)
