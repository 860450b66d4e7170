"""Environments that are really made, by a real installer, from wheels on this machine; and tools that run in them."""

import importlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wavagent.environment import Environment
from wavagent.errors import Unavailable
from wavagent.graph import Call, Graph
from wavagent.run.executor import Executor
from wavagent.run.install import commands, install, remove
from wavagent.run.worker import Worker
from wavagent.store import Store
from wavagent.tool import Request, Tool, Toolbox

CLASHING = """
import sys

from wavagent.audio import Audio
from wavagent.tool import Card, Licence, Params, Result, Tool


class Clashing(Tool):
    params = Params
    card = Card(name="{name}", version="1", task="enhance", summary="a fake", rate=8000, isolated=True,
                environment="{name}", code_licence=Licence(name="Apache-2.0", commercial=True))

    def __call__(self, requests):
        import clash

        said = {{"clash": clash.VERSION, "python": sys.prefix}}
        return [Result(Audio.silence(0.01, 8000), data=said) for _ in requests]
"""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Tool]]:
    """Two tools whose libraries cannot be installed together, and one whose library there is not."""
    folder = tmp_path_factory.mktemp("clashing")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        made = {}
        for name, wanted in (("one", "clash==1.0"), ("two", "clash==2.0"), ("three", "clash==3.0")):
            (folder / f"clashing_{name}.py").write_text(textwrap.dedent(CLASHING).format(name=name))
            (folder / f"{name}.requirements.txt").write_text(f"{wanted}\n")
            made[name] = importlib.import_module(f"clashing_{name}").Clashing()
        yield made
        for name in made:
            del sys.modules[f"clashing_{name}"]


@pytest.fixture(autouse=True)
def offline(wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever installer there is finds the wheelhouse and nothing else."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("PIP", "UV"):
        monkeypatch.setenv(f"{name}_NO_INDEX", "1")
        monkeypatch.setenv(f"{name}_FIND_LINKS", str(wheelhouse))


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without uv."""
    monkeypatch.setattr("wavagent.run.install.shutil.which", lambda name: None)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of environments."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "wavagent" / "environments"


def of(tool: Tool) -> Environment:
    environment = Environment.of(tool)
    assert environment is not None
    return environment


def test_tools_whose_libraries_conflict_run_side_by_side(
    tools: dict[str, Tool], store: Store, data: Path, pip: None
) -> None:
    one, two = tools["one"], tools["two"]
    assert one.lack() == "needs its environment 'one', which is not installed: wavagent tools install one"
    said: list[str] = []
    assert install(of(one), say=said.append) and install(of(two))
    assert said == [f"making the environment 'one', which may take some minutes; {data / 'one'}/install.log tells all"]
    assert (one.lack(), two.lack()) == (None, None)
    graph = Graph.of(*(Call(f"{name}{n}", name, {}, seed=n) for n in range(3) for name in ("one", "two")))
    made = Executor(Toolbox.of(one, two), store, depths={"cpu": 2}).run(graph)
    assert [made.entries[f"one{n}"].data["clash"] for n in range(3)] == [1, 1, 1]
    assert [made.entries[f"two{n}"].data["clash"] for n in range(3)] == [2, 2, 2]
    homes = {Path(str(entry.data["python"])).parent for entry in made.entries.values()}
    assert homes == {data / "one", data / "two"}


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not on the path")
def test_uv_makes_an_environment_too(tools: dict[str, Tool], data: Path) -> None:
    assert install(of(tools["one"]), offline=True)
    assert "uv" in (of(tools["one"]).python.parents[1] / "pyvenv.cfg").read_text()
    worker = Worker(tools["one"])
    assert worker([Request(tools["one"].params())])[0].data["clash"] == 1
    worker.close()


def test_an_environment_is_made_once_unless_it_is_forced(tools: dict[str, Tool], data: Path, pip: None) -> None:
    environment = of(tools["one"])
    assert install(environment)
    first = environment.python
    assert not install(environment)
    assert environment.python == first
    assert install(environment, force=True)
    assert environment.python != first and not first.exists()
    assert remove(environment)
    assert environment.obstacle is not None and list(data.rglob("*")) == [data / "one.lock"]
    assert not remove(environment)


def test_what_is_asked_for_without_its_requirements_is_installed_whatever_it_wants(
    data: Path, pip: None, tmp_path: Path
) -> None:
    environment = Environment("four", tmp_path / "four.requirements.txt")
    environment.requirements.write_text("clash==1.0\nstubborn==1.0\n")
    with pytest.raises(Unavailable, match="the environment 'four' was not made"):
        install(environment)
    environment.requirements.write_text("clash==1.0\n")
    environment.bare.write_text("stubborn==1.0\n")
    assert install(environment)
    told = subprocess.run(
        [environment.python, "-I", "-c", "import stubborn; print(stubborn.VERSION)"], capture_output=True, text=True
    )
    assert told.stdout == "1\n", told.stderr


def test_uv_is_told_the_same_of_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wavagent.run.install.shutil.which", lambda name: "/uv")
    environment = Environment("four", tmp_path / "four.requirements.txt")
    environment.bare.write_text("stubborn==1.0\n")
    _, first, second = commands(environment, tmp_path / "made", offline=True)
    assert "--no-deps" not in first and str(environment.requirements) in first
    assert list(second[-3:]) == ["--no-deps", "-r", str(environment.bare)]


def test_what_cannot_be_had_is_named_with_the_installers_words_and_its_log(
    tools: dict[str, Tool], data: Path, pip: None
) -> None:
    environment = of(tools["three"])
    with pytest.raises(
        Unavailable, match="the environment 'three' was not made .*exit 1.*clash==3.0.* all of it is in"
    ):
        install(environment)
    assert "No matching distribution found for clash==3.0" in (data / "three" / "install.log").read_text()
    assert [path.name for path in (data / "three").iterdir()] == ["install.log"]
    assert tools["three"].lack() is not None


def test_without_an_installer_it_says_so(
    tools: dict[str, Tool], data: Path, pip: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wavagent.run.install.importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="made with uv or pip, and neither is here"):
        install(of(tools["one"]))


def test_a_folder_that_cannot_be_written_is_named(
    tools: dict[str, Tool], pip: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(Unavailable, match="an environment cannot be kept in .*file"):
        install(of(tools["one"]))


def test_a_worker_whose_environment_is_not_there_says_what_to_type(tools: dict[str, Tool], data: Path) -> None:
    worker = Worker(tools["one"])
    with pytest.raises(Unavailable, match="^tool 'one' needs its environment .*: wavagent tools install one$"):
        worker([Request(tools["one"].params())])


SLOW = """
import os, shutil, time
from pathlib import Path

def build_wheel(where, config=None, metadata=None):
    Path(os.environ["SIGN"]).write_text(str(os.getppid()))
    while not Path(os.environ["GATE"]).exists():
        time.sleep(0.02)
    wheel = Path(os.environ["PIP_FIND_LINKS"]) / "clash-1.0-py3-none-any.whl"
    return Path(shutil.copy(wheel, where)).name
"""

INSTALL = """
import sys
from pathlib import Path
from wavagent.environment import Environment
from wavagent.run import install
install.shutil.which = lambda name: None
print(install.install(Environment("slow", Path(sys.argv[1])), say=lambda said: print(said, file=sys.stderr)))
"""


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Requirements whose library takes as long to build as the file GATE is missing; it says SIGN when it begins."""
    package = tmp_path / "package"
    package.mkdir()
    backend = '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
    (package / "pyproject.toml").write_text(f'{backend}[project]\nname = "clash"\nversion = "1.0"\n')
    (package / "slow.py").write_text(SLOW)
    monkeypatch.setenv("SIGN", str(tmp_path / "sign"))
    monkeypatch.setenv("GATE", str(tmp_path / "gate"))
    requirements = tmp_path / "slow.requirements.txt"
    requirements.write_text("./package\n")
    return requirements


def wait_for(sign: Path) -> None:
    deadline = time.monotonic() + 30
    while not sign.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_install_that_is_killed_leaves_nothing_that_counts_and_is_begun_again(
    slow: Path, data: Path, tmp_path: Path
) -> None:
    environment = Environment("slow", slow)
    first = subprocess.Popen([sys.executable, "-c", INSTALL, str(slow)], start_new_session=True)
    wait_for(tmp_path / "sign")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    (half,) = [path for path in (data / "slow").iterdir() if path.is_dir()]
    assert environment.obstacle == "needs its environment 'slow', which is not installed"
    (tmp_path / "gate").touch()
    again = subprocess.run([sys.executable, "-c", INSTALL, str(slow)], capture_output=True, text=True)
    assert again.stdout == "True\n", again.stderr
    assert environment.obstacle is None and not half.exists()


def test_of_two_installs_at_once_one_makes_it_and_the_other_waits(slow: Path, data: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", INSTALL, str(slow)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    wait_for(tmp_path / "sign")
    second = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert second.stderr is not None
    assert second.stderr.readline() == "somebody else is making the environment 'slow'; waiting for it\n"
    (tmp_path / "gate").touch()
    assert (first.communicate()[0], second.communicate()[0]) == ("True\n", "False\n")
    assert len([path for path in (data / "slow").iterdir() if path.is_dir()]) == 1
