from __future__ import annotations

from ipaddress import ip_address

import pytest

from feathercut.server.public import is_public, literal

NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0.0.0.0", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    "2002:7f00:1::", "2002:808:808::", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1",
    "ff02::1", "4000::1", "2606:4700::1%1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "223.255.255.255",
          "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]  # fmt: skip


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_address_that_is_not_public_is_told(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_address_is_told(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "spelling",
    ["127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7F.0.0.1", "0177.0.0.1", "0177.0.0.01",
     "017700000001", "127.0.0.1.", "0x7f.1", "127.0x1"],
)  # fmt: skip
def test_every_spelling_of_loopback_is_loopback(spelling: str) -> None:
    assert str(literal(spelling)) == "127.0.0.1"


@pytest.mark.parametrize("name", ["example.com", "1.example", "0x7f.example.com", "a"])
def test_name_is_no_address(name: str) -> None:
    assert literal(name) is None


@pytest.mark.parametrize("text", ["256.0.0.1", "1.2.3.4.5", "08.0.0.1", "4294967296", "example.1", "::g", "1..1"])
def test_what_ends_in_a_number_and_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # each part of the standard library has words of its own
        literal(text)
