"""What the tests of the planner share: documents from text, and the stories that lie beside the repository."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from wavagent.reading.document import Document, Heading

STORIES = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "stories"

Writer = Callable[..., Document]


def document(text: str, language: str = "en", headings: tuple[Heading, ...] = ()) -> Document:
    """A document of `text`."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(text=text, name="story.txt", sha256=digest, title="Story", language=language, headings=headings)


@pytest.fixture
def write() -> Writer:
    return document


@pytest.fixture
def stories() -> list[tuple[str, str, str]]:
    """The name, language and text of every story there is; skips where there is none."""
    if not STORIES.is_dir():
        pytest.skip(f"there are no stories at '{STORIES}'")
    found = []
    for path in sorted(STORIES.rglob("*.*")):
        encoding = "latin-1" if "latin1" in path.name else "utf-8"
        language = path.parent.name if len(path.parent.name) == 2 else "en"
        found.append((path.name, language, path.read_text(encoding).replace("\r\n", "\n")))
    return found
