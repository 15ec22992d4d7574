"""What is told beside the picture: headers, JSON, credits, kinds; and who is let in."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image as Pillow

from feathercut.remover import Remover
from feathercut.server.keys.gate import KeyGate
from feathercut.server.keys.store import KeyStore
from feathercut.server.settings import ServerSettings
from server.removebg.serving import Capped, Served, code_of, served

pytestmark = pytest.mark.weights

AUTH_FAILED = b'{"errors":[{"title":"API Key invalid","code":"auth_failed"}]}'


@pytest.fixture(scope="module")
def gate() -> Capped:
    return Capped()


@pytest.fixture(scope="module")
def keyed(u2netp: Remover, gate: Capped) -> Iterator[Served]:
    """A server that asks for keys."""
    with served(lambda network: u2netp, ServerSettings(models=("u2netp",), api_keys="required"), gate) as running:
        running.key = "rich"
        yield running


def test_all_headers_in_the_recorded_order(keyed: Served, astronaut: bytes) -> None:
    response = keyed.cut(astronaut)
    ours = [name for name in response.headers if name.startswith(("x-", "access-", "content-type"))]
    recorded = ["x-width", "x-height", "x-max-width", "x-max-height", "x-type", "x-credits-charged"]
    limits = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
    assert [name for name in ours if name in {*limits, *recorded}] == [*limits, *recorded]
    assert response.headers["access-control-allow-origin"] == "*"
    sizes = [response.headers[name] for name in recorded[:4]]
    assert sizes == ["500", "500", "512", "512"]
    assert response.headers["x-credits-calculated"] == response.headers["x-credits-charged"] == "0.25"
    box = [int(response.headers[f"x-foreground-{side}"]) for side in ("top", "left", "width", "height")]
    alpha = Pillow.open(io.BytesIO(response.content)).getchannel("A")
    assert alpha.getbbox() == (box[1], box[0], box[1] + box[2], box[0] + box[3])


def test_server_without_keys_is_no_open_door_for_pages_in_a_browser(server: Served, astronaut: bytes) -> None:
    assert "access-control-allow-origin" not in server.cut(astronaut).headers


@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("application/json", True),
        ("APPLICATION/JSON", True),
        ("application/json;q=0.9, image/png;q=0.1", True),
        ("*/*", False),
        ("image/*", False),
        ("application/json, text/plain, */*", False),
        ("", False),
    ],
)
def test_json_is_for_those_who_ask_for_it(server: Served, astronaut: bytes, accept: str, is_json: bool) -> None:
    response = server.post(files={"image_file": astronaut}, headers={"Accept": accept})
    plain = server.cut(astronaut)
    assert response.headers["content-type"] == ("application/json" if is_json else "image/png")
    if not is_json:
        assert response.content == plain.content
        return
    data = response.json()["data"]
    assert base64.b64decode(data.pop("result_b64")) == plain.content
    sides = ("top", "left", "width", "height")
    assert data == {f"foreground_{side}": int(plain.headers[f"x-foreground-{side}"]) for side in sides}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "other"),
        ({"type": "person"}, "person"),
        ({"type": "transportation"}, "other"),
        ({"type": "transportation", "type_level": "2"}, "transportation"),
        ({"type": "graphic", "type_level": "latest"}, "graphics"),
        ({"type": "car_interior", "type_level": "1"}, "car"),
        ({"type": "food"}, "other"),
        ({"type": "person", "type_level": "none"}, None),
    ],
)
def test_kind_is_what_the_caller_said_or_other(
    server: Served, astronaut: bytes, fields: dict[str, str], kind: str | None
) -> None:
    assert server.cut(astronaut, None, **fields).headers.get("x-type") == kind


def test_box_of_the_subject_is_in_the_result(server: Served, astronaut: bytes) -> None:
    response = server.cut(astronaut, crop="true", crop_margin="20px", roi="30% 10% 70% 70%")
    left, top = int(response.headers["x-foreground-left"]), int(response.headers["x-foreground-top"])
    assert (left, top) == (20, 20)
    assert int(response.headers["x-foreground-width"]) == int(response.headers["x-width"]) - 40


@pytest.mark.parametrize("header", ["X-Api-Key", "x-api-key", "X-API-KEY", "x-API-key"])
def test_key_in_a_header_of_any_case(keyed: Served, header: str) -> None:
    assert keyed.get("/v1.0/account", {header: "rich"}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_key_as_a_bearer_token(keyed: Served, scheme: str) -> None:
    assert keyed.get("/v1.0/account", {"Authorization": f"{scheme} rich"}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": ""}, {"X-Api-Key": "wrong"}, {"Authorization": "Basic rich"}])
@pytest.mark.parametrize("path", ["/v1.0/account", "/v1.0/removebg", "/v1.0/improve"])
def test_wrong_key_gets_the_recorded_body_and_no_rate_limit(keyed: Served, headers: dict[str, str], path: str) -> None:
    method = "GET" if path.endswith("account") else "POST"
    response = httpx.request(method, keyed.base + path, headers=headers)
    assert (response.status_code, response.content) == (403, AUTH_FAILED)
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["access-control-allow-origin"] == "*"
    assert not [name for name in response.headers if name.startswith("x-ratelimit")]


def test_account_says_what_is_left(keyed: Served, server: Served) -> None:
    assert keyed.get("/v1.0/account", {"X-Api-Key": "rich"}).json() == {
        "data": {
            "attributes": {
                "credits": {"total": 100, "subscription": 0, "payg": 100, "enterprise": 0},
                "api": {"free_calls": 0, "sizes": "all"},
            }
        }
    }
    poor = keyed.get("/v1.0/account", {"X-Api-Key": "poor"}).json()
    assert poor["data"]["attributes"]["credits"]["total"] == 0.5
    assert server.get("/v1.0/account").json()["data"]["attributes"]["credits"]["total"] >= 1000


def test_work_is_charged_and_failures_are_not(keyed: Served, gate: Capped, astronaut: bytes) -> None:
    gate.charged.clear()
    assert keyed.cut(astronaut).status_code == 200
    assert keyed.cut(astronaut, size="full").status_code == 200
    assert keyed.cut(astronaut, size="huge").status_code == 400
    assert keyed.cut(b"no photo").status_code == 400
    assert gate.charged == [("rich", 0.25, 0.262144), ("rich", 1.0, 0.262144)]


def test_too_few_credits_are_402_and_automatic_size_takes_what_is_left(keyed: Served, astronaut: bytes) -> None:
    def asked(key: str, **fields: str) -> httpx.Response:
        return keyed.post(key=key, files={"image_file": astronaut}, data=fields)

    refused = asked("poor", size="full")
    assert refused.status_code == 402
    assert refused.json() == {"errors": [{"title": "Insufficient credits", "code": "insufficient_credits"}]}
    assert code_of(asked("empty", size="auto")) == "402 insufficient_credits"
    assert asked("poor", size="auto").headers["x-width"] == "500"
    assert asked("rich", size="auto").headers["x-width"] == "512"


def test_real_keys_meet_the_rate_limit_of_megapixels(u2netp: Remover, astronaut: bytes, tmp_path: Path) -> None:
    settings = ServerSettings(models=("u2netp",), api_keys="required", database=str(tmp_path / "keys.sqlite3"))
    with KeyStore(tmp_path / "keys.sqlite3") as store:
        _, secret = store.create("shop", 2.0, 1000.0)
    gate = KeyGate(tmp_path / "keys.sqlite3", 2, clock=lambda: 1000.0)
    with served(lambda network: u2netp, settings, gate) as running:
        running.key = secret
        first = running.cut(astronaut)
        assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("2", "1")
        assert first.headers["x-ratelimit-reset"] == "1060"
        assert running.cut(astronaut).headers["x-ratelimit-remaining"] == "0"
        refused = running.cut(astronaut)
        assert code_of(refused) == "429 rate_limit_exceeded"
        assert refused.json()["errors"][0]["title"] == "Rate limit exceeded"
        assert (refused.headers["retry-after"], refused.headers["x-ratelimit-remaining"]) == ("60", "0")
        left = running.get("/v1.0/account", {"X-Api-Key": secret}).json()["data"]["attributes"]["credits"]["total"]
        assert left == 1.5
