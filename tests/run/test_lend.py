"""A foreign Python borrows the packages that it is told of, and sees nothing else of where they are."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

from wavagent.run import lend
from wavagent.run.lend import lent

ASKING = """
import importlib.util, sys
from .beside import NAME
import space.inner.deep
print(NAME, space.inner.deep.NAME, importlib.util.find_spec("neighbour"), sys.argv[1:], __name__)
"""


def test_what_is_lent_is_found_and_what_lies_beside_it_is_not(tmp_path: Path) -> None:
    package, inner = tmp_path / "borrowed", tmp_path / "space" / "inner"
    for folder in (package, inner):
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    (package / "beside.py").write_text("NAME = 'beside'")
    (package / "asking.py").write_text(ASKING)
    (inner / "deep.py").write_text("NAME = 'deep'")
    (tmp_path / "neighbour.py").touch()
    files = {
        "borrowed": str(package / "__init__.py"),
        "space": None,  # a package without a file of its own
        "space.inner": str(inner / "__init__.py"),
    }
    command = [sys.executable, "-I", lend.__file__, json.dumps(files), "borrowed.asking", "more"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "beside deep None ['more'] __main__\n", done.stderr


def test_a_tool_is_lent_with_the_packages_around_it() -> None:
    foley = importlib.import_module("wavagent.tools.foley")
    package = Path(lend.__file__).parents[1]
    tools = Path(str(foley.__file__)).parent
    assert lent("wavagent.tools.foley") == {
        "wavagent": str(package / "__init__.py"),
        "wavagent.tools": str(tools / "__init__.py"),
        "wavagent.tools.foley": str(tools / "foley.py"),
    }


def test_the_worker_imports_no_library_that_an_environment_does_not_have() -> None:
    script = "import sys; before = set(sys.modules); import wavagent.run.serve; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = {name.partition(".")[0] for name in done.stdout.split()} - sys.stdlib_module_names
    pydantics_own = {"pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
    assert {name for name in imported if not name.startswith("_")} == {"wavagent", "numpy", "pydantic", *pydantics_own}
