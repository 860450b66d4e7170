"""What a process says on standard error, kept in a file that cannot grow without bound."""

import os
import time
from pathlib import Path
from threading import Thread
from typing import IO

LIMIT = 1 << 20
"""Bytes of one log, at most. What was said last is what tells why a process died, so the beginning goes first."""

KEPT = 50
"""Logs in the folder, at most; the oldest go."""

TAIL = 4096
"""Bytes in which the last line is looked for."""


class Log:
    """Reads `stream` to its end in a thread, into a new file in `folder`. Who says nothing leaves no file."""

    def __init__(self, stream: IO[bytes], folder: Path, name: str) -> None:
        self._stream = stream
        self._path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{name}.log"
        self._tail = b""
        self._thread = Thread(target=self._read, name="wavagent-log", daemon=True)
        self._thread.start()

    @property
    def path(self) -> Path | None:
        """The file, if there is one."""
        return self._path if self._path.exists() else None

    def close(self, patience: float) -> str:
        """The last line, once all is read or `patience` seconds are over: a grandchild may hold the stream open."""
        self._thread.join(patience)
        lines = self._tail.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _read(self) -> None:
        with self._stream as stream:
            while chunk := os.read(stream.fileno(), 1 << 16):
                self._tail = (self._tail + chunk)[-TAIL:]
                try:
                    self._write(chunk)
                except OSError:
                    pass  # a full disk must not stop the process, which waits for somebody to read

    def _write(self, chunk: bytes) -> None:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            tidy(self._path.parent)
        with self._path.open("ab+") as file:
            if file.tell() + len(chunk) > LIMIT:
                file.seek(max(0, file.tell() - LIMIT // 2))
                rest = (file.read() + chunk)[-LIMIT // 2 :]
                file.truncate(0)
                chunk = b"... what was said before is cut\n" + rest
            file.write(chunk)


def tidy(folder: Path) -> None:
    """Remove the oldest logs, so that there is room for one more."""
    for path in sorted(folder.glob("*.log"))[: -KEPT + 1]:
        path.unlink(missing_ok=True)
