"""`wavagent tools` and `wavagent doctor` with an expert that needs an environment of its own."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXPERT = """
from wavagent.audio import Audio
from wavagent.tool import Card, Licence, Result, SoundParams, Tool


class Apart(Tool):
    params = SoundParams
    card = Card(name="apart", version="1", task="sound", summary="a fake", rate=8000, isolated=True,
                environment="apart", code_licence=Licence(name="Apache-2.0", commercial=True))

    def __call__(self, requests):
        import clash
        import sys

        print("I am loud", file=sys.stderr)
        return [Result(Audio.of([0.1 * clash.VERSION] * 8000, 8000)) for _ in requests]


TOOL = Apart()
"""


@pytest.fixture
def run(wavagent: Callable[..., Any], wheelhouse: Path, tmp_path: Path) -> Callable[..., Any]:
    """The program, with an expert installed as any other package would be, and all it writes in a folder."""
    package = tmp_path / "packages"
    about = package / "apart-1.dist-info"
    about.mkdir(parents=True)
    (package / "apart.py").write_text(EXPERT)
    (package / "apart.requirements.txt").write_text("clash\n")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: apart\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[wavagent.tools]\napart = apart:TOOL\n")
    env = {
        "PYTHONPATH": str(package),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(wheelhouse),
        "UV_FIND_LINKS": str(wheelhouse),
        "PATH": "/usr/bin:/bin",
    }
    return lambda *arguments, **more: wavagent(*arguments, **{**env, **more})


def card(run: Callable[..., Any]) -> dict[str, Any]:
    cards = json.loads(run("tools", "--json").stdout)["tools"]
    return next(card for card in cards if card["name"] == "apart")


def found(run: Callable[..., Any], *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """What the doctor found, by what it looked at."""
    done = run("doctor", "--json", *arguments)
    return done.returncode, {finding["what"]: finding for finding in json.loads(done.stdout)}


def test_an_expert_with_an_environment_is_installed_used_and_removed(run: Callable[..., Any], tmp_path: Path) -> None:
    lack = "needs its environment 'apart', which is not installed: wavagent tools install apart"
    code, findings = found(run)
    assert findings["tool apart"] == {"what": "tool apart", "fine": True, "found": lack, "there": False}
    assert code == 0, "others make sounds, too"

    done = run("tools", "install", "apart", "--offline")
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith("wavagent: the environment of tool 'apart' is ready\n") and done.stdout == ""
    assert card(run).items() >= {"ready": True, "lack": None, "environment": "apart"}.items()

    code, findings = found(run, "--try")
    assert findings["tool apart"]["found"].startswith("1.0 s of sound in ")
    assert findings["worker logs"]["found"].startswith(f"1 (0.0 MB) in {tmp_path}/state/wavagent/log/workers, last ")

    (python,) = (tmp_path / "data").rglob("bin/python")
    python.unlink()
    code, findings = found(run)
    assert (code, findings["tool apart"]["fine"]) == (1, False)
    assert findings["tool apart"]["found"].endswith("is gone): wavagent tools install apart")

    assert run("tools", "remove", "apart").stderr == "wavagent: removed the environment of apart\n"
    assert card(run).items() >= {"ready": False, "lack": lack}.items()
    assert run("tools", "remove", "apart").stderr == "wavagent: there is no environment of apart\n"


def test_an_environment_is_made_before_its_weights_are_there(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "packages" / "apart.py"
    weights = 'weights=(Weights(repo="someone/apart", megabytes=3),), environment="apart"'
    heavy = EXPERT.replace('environment="apart"', weights).replace("Tool\n", "Tool, Weights\n", 1)
    path.write_text(heavy)
    done = run("tools", "install", "apart", "--offline")
    assert done.returncode == 0, done.stderr
    assert "the environment of tool 'apart' is ready" in done.stderr
    assert done.stderr.endswith("wavagent tools fetch apart\n"), "and what is missing still is said"


def test_an_environment_that_cannot_be_made_is_an_error_in_one_line(run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "packages" / "apart.requirements.txt").write_text("no-such-library-anywhere\n")
    done = run("tools", "install", "apart", "--offline")
    assert done.returncode == 1
    assert "no-such-library-anywhere" in done.stderr.splitlines()[-1]
    assert done.stderr.splitlines()[-1].endswith(
        f"all of it is in {tmp_path}/data/wavagent/environments/apart/install.log"
    )
    assert card(run)["ready"] is False


@pytest.mark.parametrize("command", ["install", "remove"])
def test_a_tool_that_has_no_environment_says_so(run: Callable[..., Any], command: str) -> None:
    done = run("tools", command, "foley")
    assert (done.returncode, done.stderr) == (
        1,
        "wavagent: tool 'foley' has no environment of its own: it is ready as it is\n",
    )


def test_a_path_is_no_tool(run: Callable[..., Any]) -> None:
    assert "no tool is called '../apart'" in run("tools", "remove", "../apart").stderr


def test_an_expert_that_does_not_come_up_in_its_environment_is_named(run: Callable[..., Any], tmp_path: Path) -> None:
    source = EXPERT.replace("class Apart", "import sys\n\nif sys.flags.isolated:\n    import nowhere\n\nclass Apart")
    (tmp_path / "packages" / "apart.py").write_text(source)
    done = run("tools", "install", "apart", "--offline")
    assert done.returncode == 1
    assert "the worker of tool 'apart' died (exit 1): ModuleNotFoundError: No module named 'nowhere'" in done.stderr


def test_a_library_that_cannot_be_imported_disables_the_tool_that_needs_it(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    packages = tmp_path / "packages"
    apart = 'isolated=True,\n                environment="apart"'
    assert apart in EXPERT
    (packages / "apart.py").write_text(EXPERT.replace(apart, 'requires=("clash",), install="pip install clash"'))
    (packages / "clash.py").write_text("raise RuntimeError('libclash.so.3 is not there')")
    code, findings = found(run)
    assert (code, findings["tool apart"]["fine"], findings["tool apart"]["there"]) == (1, False, False)
    assert findings["tool apart"]["found"] == (
        "needs clash, which is installed and cannot be imported (RuntimeError: libclash.so.3 is not there): "
        "pip install --force-reinstall clash"
    )
    assert [name for name, finding in findings.items() if not finding["fine"]] == ["tool apart"]
