"""A thousand values of everything that a caller may say: nothing grows with them."""

from __future__ import annotations

import concurrent.futures
import json
import secrets

import httpx

from server.attacks.asking import CONTRACTS, ask, held_mb
from server.attacks.bombs import small
from server.running import WAIT_S, Running, until

_COUNT = 1000
PHOTO = small("PNG", 16)


def asked(server: Running, client: httpx.Client, number: int) -> int:
    """A request that nobody has made before, of one of several kinds."""
    share = number / _COUNT
    extras = {"edge_softness": share, "accept_licence": f"licence-{number}"}
    own = {"edge_shift": f"{share:.3f}", "background": f"#{number:06x}", "margin": f"{number % 40}px", "crop": "1"}
    theirs = {"bg_color": f"{number:06x}", "scale": f"{10 + number % 90}%", "roi": f"0 0 {1 + number % 15}px 100%"}
    fields = {
        "v1/cutouts": {
            **own,
            "size": f"{20 + number % 500}x{30 + number % 300}",
            "quality": ("fast", "auto")[number % 2],
        },
        "v1.0/removebg": {**theirs, "type": f"kind-{number}", "shadow_opacity": str(number % 100)},
        "api/remove": {"extras": json.dumps(extras), "bgc": f"{number % 256},1,2"},
    }
    path = list(CONTRACTS)[number % 3]
    query = {"nobody-knows": secrets.token_hex(8)} if path == "v1.0/removebg" else {}
    headers = {
        "X-Request-Id": secrets.token_hex(16), "User-Agent": f"agent/{number}", "Origin": f"https://{number}.example",
        "X-Api-Key": secrets.token_hex(8), "X-Forwarded-For": f"10.0.{number // 256}.{number % 256}",
    }  # fmt: skip
    files = {CONTRACTS[path]: (f"{secrets.token_hex(8)}.png", PHOTO)}
    answer = client.post(server.address + path, files=files, data=fields[path], params=query, headers=headers)
    for model in (f"model-{number}", "../" * (1 + number % 7)):
        refused = client.post(server.address + "v1/cutouts", files={"picture": PHOTO}, data={"model": model})
        assert refused.status_code == 400
    client.request(f"M{number}", f"{server.address}nobody/{number}")
    client.get(f"{server.address}v1/models/{number}", headers=headers)
    return answer.status_code


def round_of(server: Running, numbers: range) -> set[int]:
    with (
        httpx.Client(timeout=WAIT_S) as client,
        concurrent.futures.ThreadPoolExecutor(4) as threads,
    ):
        return set(threads.map(lambda number: asked(server, client, number), numbers))


def series(server: Running) -> set[str]:
    """The names, with their labels, of all figures."""
    return {line.rpartition(" ")[0] for line in server.get("metrics").text.splitlines() if not line.startswith("#")}


def test_a_thousand_values_of_every_option_make_nothing_grow(server: Running) -> None:
    for path in CONTRACTS:
        ask(server, path, PHOTO)
    statuses = round_of(server, range(150))
    figures, memory = series(server), held_mb(server)
    networks = server.figure("feathercut_networks_bytes")
    statuses |= round_of(server, range(150, _COUNT))
    assert statuses <= {200, 400}
    assert 200 in statuses
    assert series(server) == figures
    assert server.figure("feathercut_networks_bytes") == networks
    until(lambda: held_mb(server) < 1.1 * memory)  # what is held is given back when nothing runs
