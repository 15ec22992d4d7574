"""Bounds on uploads, without a server around them."""

from __future__ import annotations

import asyncio
import socket
import time

from starlette.types import Message, Receive, Scope, Send

from feathercut.server.limits import Held, Limits
from feathercut.server.settings import ServerSettings


def test_an_upload_that_is_there_is_taken_although_the_server_itself_stood_still() -> None:
    """As where the machine is at its end: the bytes came in time, and nobody had looked at them yet."""

    async def run() -> bytes:
        ours, theirs = socket.socketpair()
        reader, writer = await asyncio.open_connection(sock=ours)
        taken = b""

        async def receive() -> Message:
            return {"type": "http.request", "body": await reader.read(100), "more_body": False}

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal taken
            taken = (await receive())["body"]

        async def send(message: Message) -> None:
            raise AssertionError

        def stand_still() -> None:
            theirs.send(b"photo")
            time.sleep(0.3)

        asyncio.get_running_loop().call_later(0.05, stand_still)
        scope = {"type": "http", "path": "/v1/cutouts", "headers": [(b"content-length", b"5")]}
        await Limits(application, ServerSettings(silence_s=0.2), Held())(scope, receive, send)
        writer.close()
        theirs.close()
        return taken

    assert asyncio.run(run()) == b"photo"
