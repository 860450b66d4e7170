"""Offline means offline: once `forbid_network` was called, no Python code of this process reaches the network.

It listens to the interpreter's own audit events (PEP 578), so that no library goes around it that uses Python's
sockets, and cannot be undone. What C code does with sockets of its own it cannot see.
"""

import socket
import sys
from typing import Any

from wavagent.errors import NetworkForbidden

_LOCAL = {getattr(socket, "AF_UNIX", None)}
_REACHING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"})
_NAMING = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})


def forbid_network() -> None:
    """From now on every attempt to use the network raises NetworkForbidden. Sockets of the family AF_UNIX work on."""
    sys.addaudithook(_listen)


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _NAMING:
        where = arguments[0]
    elif event in _REACHING and arguments[0].family not in _LOCAL:
        where = arguments[1]
    else:
        return
    raise NetworkForbidden(f"this run is offline, and something wanted to reach {where!r}; run it without --offline")
