"""Requests as bare bytes over a connection, for callers who are slow, silent or gone."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from server.running import WAIT_S, Running


def connect(server: Running) -> socket.socket:
    parts = urlsplit(server.address)
    return socket.create_connection((parts.hostname, parts.port), timeout=WAIT_S)


def request(picture: bytes, matte: bytes = b"", request_id: str = "") -> bytes:
    """`POST /v1/cutouts` of a photo, perhaps with its matte."""
    form = b""
    for name, body in ((b"picture", picture), (b"matte", matte)):
        form += b'--x\r\nContent-Disposition: form-data; name="' + name + b'"; filename="p"\r\n\r\n' + body + b"\r\n"
    form += b"--x--\r\n"
    head = f"POST /v1/cutouts HTTP/1.1\r\nHost: x\r\nContent-Length: {len(form)}\r\nX-Request-Id: {request_id}\r\n"
    return head.encode() + b"Content-Type: multipart/form-data; boundary=x\r\n\r\n" + form
