"""Two thousand hostile uploads, to every contract: a picture or a reason each, no fault, no silence, no memory kept."""

from __future__ import annotations

import collections
import concurrent.futures

import httpx

from server.attacks.asking import held_mb
from server.attacks.hostile import BOUNDARY, path_of, upload
from server.running import WAIT_S, Running, until

_COUNT = 2000
_WARM = 300


def test_two_thousand_hostile_uploads_are_answered_and_leave_nothing(server: Running) -> None:
    statuses: collections.Counter[tuple[str, int]] = collections.Counter()

    def sent(seed: int) -> None:
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}"}
        answer = client.post(server.address + path_of(seed), content=upload(seed), headers=headers)
        said = f"seed {seed}: {answer.status_code} {answer.text[:300]}"
        assert answer.status_code == 200 or 400 <= answer.status_code < 500, said
        assert "Traceback" not in answer.text and "site-packages" not in answer.text, said
        statuses[path_of(seed), answer.status_code] += 1

    def is_idle() -> bool:
        return server.figure("feathercut_running_photos") + server.figure("feathercut_queue_photos") == 0

    with httpx.Client(timeout=WAIT_S) as client, concurrent.futures.ThreadPoolExecutor(4) as threads:
        list(threads.map(sent, range(_WARM)))
        until(is_idle)
        memory = held_mb(server)
        list(threads.map(sent, range(_WARM, _COUNT)))
    until(is_idle)
    until(lambda: held_mb(server) <= 1.1 * memory)  # what is held is given back when nothing runs
    assert all(statuses[path, 200] > 50 for path in ("v1/cutouts", "api/remove")), statuses
    assert statuses["v1.0/removebg", 400] > 300
    assert statuses["v1/cutouts", 415] > 20 and statuses["v1/cutouts", 422] > 50, statuses
    assert not [line for line in server.lines() if line.get("event") == "fault"]
