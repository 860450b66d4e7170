"""The connection of this process to Ray: there is one, however many crews use it."""

import atexit
import importlib
import logging
import os
import re
import socket
import tempfile
from pathlib import Path
from threading import Lock
from typing import Any

from wavagent.errors import InputError, Unavailable
from wavagent.run.cluster.parcel import packed

HERE = "ray"
"""The engine that is Ray on this machine alone, started for the purpose."""

PORT = 6379
"""Where `ray start --head` listens, if it is not told otherwise."""

LISTENS = 5.0
"""Seconds that the head of a cluster gets to answer a first knock."""

OBJECTS = 100 << 20
"""Bytes of Ray's own object store, which has next to nothing to hold: clips go through ours."""

_lock = Lock()
_engines: list[str] = []  # one for each crew that is connected
_begun = ""  # the engine that this process was connected to here, if it was here


def address_of(engine: str) -> tuple[str, int] | None:
    """Host and port of the cluster that `engine` names; None for this machine. Raises InputError."""
    found = re.fullmatch(r"ray(?:://([\w.-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?)?", engine)
    if found is None:
        raise InputError(f"'{engine}' is no engine; give ray, or ray://HOST:PORT as 'ray start' printed it")
    return (found[1], int(found[2] or PORT)) if found[1] else None


def begin(engine: str, offline: bool = False) -> Any:
    """The library, once this process is connected to `engine`; for good, or until the last crew leaves.

    A Ray that somebody else connected this process to is taken as it is. Raises InputError when the engine is none, is
    another than before, or is in a network that is forbidden; Unavailable when Ray is missing or does not answer.
    """
    global _begun
    address = address_of(engine)
    if offline and address is not None:
        raise InputError(f"'{engine}' is reached by network, and this run is offline; leave out one of the two")
    with _lock:
        ray = _library()
        if _begun and engine != _begun:
            raise InputError(f"this process works with '{_begun}' and cannot also use '{engine}'; close that first")
        if not ray.is_initialized():
            _begin(ray, engine, address)
            atexit.register(_end)  # Ray's own would first sleep, in case that there is something to read
            _begun = engine
        return ray


def connect(engine: str, offline: bool = False) -> Any:
    """`begin`, for a crew that will `leave`."""
    ray = begin(engine, offline)
    with _lock:
        _engines.append(engine)
    return ray


def leave() -> None:
    """One crew less; with the last one the connection ends, if it was made here."""
    with _lock:
        _engines.pop()
        last = not _engines
    if last:
        _end()


def _end() -> None:
    global _begun
    with _lock:
        if _begun:
            _library().shutdown()
            _begun = ""


def _library() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # else it warns that this will once be so
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise Unavailable("the engine 'ray' needs Ray, which is not installed: pip install 'wavagent[ray]'") from error


def _begin(ray: Any, engine: str, address: tuple[str, int] | None) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        if address is None:
            ray.init(
                address="local",
                include_dashboard=False,
                object_store_memory=OBJECTS,
                _node_ip_address="127.0.0.1",  # nobody else can reach it, and it needs no network
                **quiet,
            )
            return
        host, port = address
        socket.create_connection(
            (host.strip("[]"), port), timeout=LISTENS
        ).close()  # Ray itself would knock for minutes
        with tempfile.TemporaryDirectory(prefix="wavagent-") as folder:
            code = str(packed(Path(folder)))
            ray.init(address=f"{host}:{port}", runtime_env={"py_modules": [code]}, **quiet)
    except (OSError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise Unavailable(
            f"the engine '{engine}' does not answer as Ray does ({reason}); see that 'ray status' works on this machine"
        ) from error
