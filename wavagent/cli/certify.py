"""`wavagent certify`: any audio file, measured and held against delivery specifications."""

import json
from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.options import Json, Picture


def certify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An audio file of any kind.", show_default=False)],
    profile: Annotated[
        str, typer.Option(metavar="NAME[,NAME…]", help="The specifications: universal, apple, acx, ebu, … or all.")
    ] = "universal",
    picture: Picture = None,
    as_json: Json = False,
) -> int:
    """Measure an audio file and say whether it meets delivery specifications."""
    from rich.console import Console

    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.certificate import show
    from wavagent.export import PROFILES, certified, measure, profile_named
    from wavagent.export.picture import save

    names = list(PROFILES) if profile == "all" else [name.strip() for name in profile.split(",")]
    profiles = [profile_named(name) for name in names]
    found = measure(file)
    certificates = [certified(found, one) for one in profiles]
    if picture is not None:
        save(certificates[0], picture)
    if as_json:
        data = [one.to_json() for one in certificates]
        print(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False))
    else:
        for one in certificates:
            show(one, Console(highlight=False))
    return OK if all(one.passed for one in certificates) else DEGRADED
