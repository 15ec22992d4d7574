"""Who asks, where a proxy stands in front: believed of trusted ones, of nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from feathercut.server.app import create_app
from feathercut.server.context import Context
from feathercut.server.keys import open_gate
from feathercut.server.orders import Answer, Caller, Order
from feathercut.server.remote import RemoteFetcher
from feathercut.server.settings import ServerSettings

CAT = Path(__file__).parents[2] / "examples" / "photos" / "cat.jpg"


class Notes:
    """An `Inference` that writes down who asks."""

    def __init__(self) -> None:
        self.callers: list[str] = []

    async def cut(self, order: Order, caller: Caller) -> Answer:
        self.callers.append(caller.name)
        return Answer(b"", "image/png", (1, 1), (1, 1), (0, 0, 0, 0), True, "none", {})


async def asked(trusted: tuple[str, ...], peer: str, said: str) -> str:
    settings, notes = ServerSettings(trusted_proxies=trusted), Notes()
    app = create_app(Context(notes, settings, open_gate(settings), RemoteFetcher(settings)))
    transport = httpx.ASGITransport(app, client=(peer, 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        answer = await client.post(
            "/v1/cutouts", files={"picture": CAT.read_bytes()}, headers={"X-Forwarded-For": said}
        )
    assert answer.status_code == 200, answer.text
    (caller,) = notes.callers
    return caller.removeprefix("address ")


@pytest.mark.parametrize(
    ("trusted", "peer", "said", "asks"),
    [
        ((), "10.0.0.7", "203.0.113.9", "10.0.0.7"),
        (("10.0.0.0/8",), "192.0.2.1", "203.0.113.9", "192.0.2.1"),
        (("10.0.0.0/8",), "10.0.0.7", "203.0.113.9", "203.0.113.9"),
        # What a caller wrote itself stands to the left of what the proxy saw.
        (("10.0.0.0/8",), "10.0.0.7", "127.0.0.1, 203.0.113.9", "203.0.113.9"),
        (("10.0.0.0/8",), "10.0.0.7", "203.0.113.9, 10.0.0.8", "203.0.113.9"),
        (("10.0.0.7", "fd00::/8"), "fd00::5", "2001:db8::1", "2001:db8::1"),
        (("10.0.0.0/8",), "10.0.0.7", "", "10.0.0.7"),
    ],
)
def test_the_caller_is_who_a_trusted_proxy_says(trusted: tuple[str, ...], peer: str, said: str, asks: str) -> None:
    assert asyncio.run(asked(trusted, peer, said)) == asks
