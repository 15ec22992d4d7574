"""What a service manager is told of the server: that it answers, that it is about to end (as systemd wants to know)."""

from __future__ import annotations

import contextlib
import os
import socket


def tell_manager(*states: str) -> None:
    """Says, for instance, `READY=1` to whoever started this process and wants to know; else nothing."""
    place = os.environ.get("NOTIFY_SOCKET")
    family = getattr(socket, "AF_UNIX", None)
    if not place or family is None:
        return
    # The server works as well for a manager that does not listen.
    with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
        line.connect("\0" + place[1:] if place.startswith("@") else place)
        line.send("\n".join(states).encode())
