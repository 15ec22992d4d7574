"""Pictures from elsewhere: over http(s), from public addresses only, within limits of bytes and time.

A name is looked up once for a connection, every address that it has is checked, and the connection goes to one of
those: what the name says a moment later does not matter. A redirect is a new address, and checked as one.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

import certifi
import httpcore

from feathercut import __version__
from feathercut.errors import TooLargeError
from feathercut.server.errors import RemoteError
from feathercut.server.settings import ServerSettings
from feathercut.server.web_address import WebAddress, read_address, refuse_private

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a name, as text. Raises OSError where there are none."""

_MOST_REDIRECTS = 5
_MOST_TRIED = 3
"""A name may have hundreds of addresses: all are checked, and this many are tried."""
_AT_ONCE = 16
_LOOKUPS = 8
_REDIRECTS = {301, 302, 303, 307, 308}
# Compressed answers are not asked for: a few bytes could unpack to any number.
_HEADERS = {"User-Agent": f"feathercut/{__version__}", "Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}


@dataclass(frozen=True)
class Patience:
    """Seconds that a connection, a silence and the whole of a fetch may take, redirects included."""

    connect_s: float = 5.0
    silence_s: float = 10.0
    whole_s: float = 30.0


class RemoteFetcher:
    """Fetches pictures; `resolve` and `network` are the system's own unless a test brings others."""

    def __init__(
        self,
        settings: ServerSettings | None = None,
        *,
        resolve: Resolve | None = None,
        network: httpcore.AsyncNetworkBackend | None = None,
        patience: Patience | None = None,
    ) -> None:
        deadline_s = settings.deadline_s if settings else Patience.whole_s
        self._patience = patience or Patience(whole_s=min(Patience.whole_s, deadline_s))
        # Threads of its own: a name that is looked up for long must not hold up what else runs in threads.
        self._lookups = ThreadPoolExecutor(_LOOKUPS, "lookup")
        self._network = _Pinned(resolve or self._resolve, network or httpcore.AnyIOBackend())
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, url: str, most_bytes: int) -> bytes:
        """The bytes at an address. Raises RemoteError, and TooLargeError where there are more than `most_bytes`."""
        address = read_address(url)
        try:
            async with asyncio.timeout(self._patience.whole_s), self._turns:
                return await self._followed(address, most_bytes)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise RemoteError("timeout", f"{address.host} did not send the picture in time") from error
        except (httpcore.ConnectError, ssl.SSLError) as error:
            reason = str(error) or "no answer"
            raise RemoteError("unreachable", f"{address.host} cannot be reached: {reason}") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise RemoteError("broken", f"What {address.host} sent broke off or is no HTTP") from error

    async def aclose(self) -> None:
        """Lets the threads go."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def _followed(self, address: WebAddress, most_bytes: int) -> bytes:
        """The bytes, wherever redirects lead."""
        for _ in range(_MOST_REDIRECTS + 1):
            async with self._answer(address) as response:
                if response.status in _REDIRECTS:
                    location = _header(response, b"location")
                    if not location:
                        raise RemoteError("no-location", f"{address.host} redirects and does not say where to")
                    address = address.joined(location)
                    continue
                if not 200 <= response.status < 300:
                    raise RemoteError(
                        "status", f"{address.host} answered with HTTP status {response.status}", response.status
                    )
                return await _body(response, address, most_bytes)
        raise RemoteError("too-many-redirects", f"More than {_MOST_REDIRECTS} redirects lead away from this address")

    @asynccontextmanager
    async def _answer(self, address: WebAddress) -> AsyncIterator[httpcore.Response]:
        # A pool for one request: nothing of one caller's connection is left to the next. No proxy, no cookies.
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        waits = {"connect": self._patience.connect_s, "read": self._patience.silence_s, "write": 10.0, "pool": 10.0}
        headers = [("Host", address.authority), *_HEADERS.items()]
        async with (
            httpcore.AsyncConnectionPool(ssl_context=self._trust, network_backend=self._network) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": waits}) as response,
        ):
            yield response

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """The system's certificates, and those of certifi where the system has none."""
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        def look_up() -> list[str]:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            return list(dict.fromkeys(str(place[0]) for *_, place in found))

        return await asyncio.get_running_loop().run_in_executor(self._lookups, look_up)


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to nothing else, however the connection was asked for."""

    def __init__(self, resolve: Resolve, network: httpcore.AsyncNetworkBackend) -> None:
        self._resolve, self._network = resolve, network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # httpcore's own shape
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first address of `host` that answers. Raises RemoteError where one is not public."""
        addresses = await self._checked(host, port)
        for address in addresses[:_MOST_TRIED]:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                reason = error
        raise reason

    async def connect_unix_socket(self, *_: object, **__: object) -> httpcore.AsyncNetworkStream:
        """Never: no address of the web leads to one."""
        raise RemoteError("private", "Pictures are fetched from public addresses only")

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        await asyncio.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[str]:
        """Every address of a host, once all of them were found to be public."""
        try:
            addresses = [ip_address(host)]
        except ValueError:
            try:
                addresses = [ip_address(one) for one in await self._resolve(host, port)]
            except (OSError, UnicodeError, ValueError) as error:
                raise RemoteError("unresolvable", f"There is no host `{host}`") from error
        for address in addresses:
            refuse_private(address)
        if not addresses:
            raise RemoteError("unresolvable", f"There is no host `{host}`")
        return list(map(str, addresses))


async def _body(response: httpcore.Response, address: WebAddress, most_bytes: int) -> bytes:
    """What was sent, counted while it comes."""
    if (_header(response, b"content-encoding") or "identity").lower() != "identity":
        raise RemoteError("broken", f"{address.host} sends the picture compressed, which nobody asked for")
    announced = _header(response, b"content-length") or ""
    if announced.isdigit() and int(announced) > most_bytes:
        raise TooLargeError(_too_large(address, most_bytes))
    data = bytearray()
    async for part in response.aiter_stream():
        data += part
        if len(data) > most_bytes:
            raise TooLargeError(_too_large(address, most_bytes))
    return bytes(data)


def _too_large(address: WebAddress, most_bytes: int) -> str:
    return f"The picture at {address.host} has more than {most_bytes / 1e6:g} MB"


def _header(response: httpcore.Response, name: bytes) -> str | None:
    found = (value for key, value in response.headers if key.lower() == name)
    return next((value.decode("latin-1").strip() for value in found), None)
