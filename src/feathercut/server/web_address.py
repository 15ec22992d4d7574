"""The address of a picture, taken apart and checked: what can be seen without asking the network."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from feathercut.server.errors import RemoteError
from feathercut.server.public import Address, is_public, literal

_MOST_CHARACTERS = 8192
_PORTS = {"http": 80, "https": 443}
_FIRST_OPEN_PORT = 1024
"""Below it lie the ports of mail, shells and files: pictures come from the two of the web, or from above."""
_KEPT = "%/?:@!$&'()*+,;=-._~[]"


@dataclass(frozen=True)
class WebAddress:
    """Where a picture is: `host` in ASCII, without brackets; `target` is path and query, ready to be sent."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.target}"

    def joined(self, location: str) -> WebAddress:
        """Where a redirect leads to. Raises RemoteError."""
        return read_address(urljoin(self.url, location))


def read_address(text: str) -> WebAddress:
    """An address that a client sent, in its parts.

    Raises RemoteError where it is not http(s), holds a user name or control characters, names no host, or one that is
    an address, in whichever spelling, and not public.
    """
    text = text.strip()
    if len(text) > _MOST_CHARACTERS or any(ord(one) <= 0x20 or one in "\\\x7f" for one in text):
        raise RemoteError("invalid", "This is no web address: it is too long, or holds spaces or a backslash")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
        has_user = parts.username is not None or parts.password is not None
    except ValueError as error:
        raise RemoteError("invalid", f"This is no web address: {error}") from error
    if parts.scheme not in _PORTS:
        raise RemoteError("scheme", "Only http and https addresses are fetched")
    if not host:
        raise RemoteError("no-host", "This web address names no host")
    if has_user:
        raise RemoteError("invalid", "An address with a user name in it is not fetched; no name or password is sent on")
    port = _PORTS[parts.scheme] if port is None else port
    if port not in _PORTS.values() and port < _FIRST_OPEN_PORT:
        raise RemoteError("invalid", f"Nothing is fetched from port {port}: ports are 80, 443, or 1024 and above")
    path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return WebAddress(parts.scheme, _host(host), port, path)


def _host(text: str) -> str:
    """A host as it is looked up: names in ASCII, addresses in their one usual spelling."""
    try:
        # What looks like a digit in another script is one here: the names are compared as they are looked up.
        host = text if text.isascii() else text.encode("idna").decode("ascii")
        address = literal(host)
    except (ValueError, UnicodeError) as error:
        raise RemoteError("invalid", f"This is no web address: `{text}` names no host") from error
    if address is None:
        return host.removesuffix(".")
    refuse_private(address)
    return str(address)


def refuse_private(address: Address) -> None:
    """Raises RemoteError where an address is not public."""
    if not is_public(address):
        raise RemoteError("private", "Pictures are fetched from public addresses only, and this one is not")
