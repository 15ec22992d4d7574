"""Addresses that lead where the server must not look: each refused before anything is connected to."""

from __future__ import annotations

import pytest

from .web import PICTURE, PUBLIC, SITE, Web, answer, fetch, refused, web


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://photos.example/a", "gopher://x", "data:image/png;base64,",
                                 "//photos.example/a.jpg", "a.jpg", "", "FILE:/x", "jar:http://a!/b"])  # fmt: skip
def test_only_http_is_fetched(url: str) -> None:
    refused(web(), url, "scheme")


@pytest.mark.parametrize("url", ["http://", "http:///a.jpg", "https://:443/", "http://?x"])
def test_address_without_a_host(url: str) -> None:
    refused(web(), url, "no-host")


@pytest.mark.parametrize(
    "url",
    ["http://a b.example/", "http://photos.example/a\r\nX: y", "http://photos.example\\@127.0.0.1/", "http://[::1",
     "http://photos.example:99999/", "http://photos.example:x/", "http://1.2.3.4.5/",
     "http://photos.example/" + "a" * 9000,
     "http://user:secret@photos.example/a.jpg", "http://photos.example:22/", "http://photos.example:25/"],
)  # fmt: skip
def test_what_is_no_address_or_asks_for_more_than_a_picture_is_refused(url: str) -> None:
    one = web()
    refused(one, url, "invalid")
    assert one.connected == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0", "[::]", "[::1]", "10.0.0.1",
     "192.168.0.1", "172.16.5.4", "169.254.169.254", "100.64.0.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:1::1]", "[fe80::1]", "[fd00::1]", "224.0.0.1", "240.0.0.1",
     "①②⑦.⓪.⓪.①", "127。0。0。1", "255.255.255.255", "[ff02::1]", "168.63.129.16"],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_fetched(host: str) -> None:
    one = web()
    refused(one, f"http://{host}/a.jpg", "private")
    assert one.connected == []
    assert one.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.1.1", "169.254.169.254", "::1", "::",
                                     "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"])  # fmt: skip
def test_name_of_a_private_address_is_not_fetched(address: str) -> None:
    one = web(names=(address,))
    refused(one, SITE, "private")
    assert one.connected == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    one = web(names=(PUBLIC, "2606:4700::1111", "192.168.1.1"))
    refused(one, SITE, "private")
    assert one.connected == []


def test_name_that_changes_its_mind_after_it_was_checked_gets_nothing() -> None:
    one = Web({"/a.jpg": answer()}, {"photos.example": [PUBLIC]}, {"photos.example": ["127.0.0.1"]})
    assert fetch(one, SITE) == PICTURE
    assert (one.asked, one.connected) == (["photos.example"], [(PUBLIC, 80)])


def test_name_that_changes_its_mind_at_a_redirect_is_checked_again() -> None:
    one = web(a=answer(b"", "302 Found", location="/b.jpg"))
    one.later["photos.example"] = ["127.0.0.1"]
    refused(one, SITE, "private")
    assert one.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    ("location", "kind"),
    [("http://127.0.0.1/a.jpg", "private"), ("http://[::1]:8080/", "private"), ("//0x7f.1/", "private"),
     ("http://169.254.169.254/latest/meta-data/", "private"), ("http://0/", "private"),
     ("http://inside.example/", "private"),
     ("file:///etc/passwd", "scheme"), ("gopher://photos.example/", "scheme"), ("http://gone.example/", "unresolvable"),
     ("http://u:p@photos.example/b.jpg", "invalid")],
)  # fmt: skip
def test_redirect_is_checked_as_the_first_address_was(status: str, location: str, kind: str) -> None:
    one = web(a=answer(b"", status, location=location))
    one.names["inside.example"] = ["10.0.0.7"]
    refused(one, SITE, kind)
    assert one.connected == [(PUBLIC, 80)]
