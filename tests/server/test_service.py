"""What systemd is told, and what Prometheus reads, by their own words and programs."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from feathercut.server.service import tell_manager
from feathercut.settings import Settings
from server.running import serving, until

family = getattr(socket, "AF_UNIX", None)


@pytest.mark.weights
@pytest.mark.skipif(family is None, reason="there are no Unix sockets here")
def test_systemd_is_told_when_the_server_answers_and_when_it_ends(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path
) -> None:
    assert family is not None  # or it was skipped
    with tempfile.TemporaryDirectory() as short, socket.socket(family, socket.SOCK_DGRAM) as manager:
        manager.bind(f"{short}/notify")
        manager.settimeout(60)
        with serving(tmp_path, weights_settings, waits=True, NOTIFY_SOCKET=f"{short}/notify") as server:
            told = manager.recv(1000).decode()
            assert told == f"READY=1\nSTATUS=Serving at {server.address}"
            assert server.get("healthz").status_code == 200
            server.process.terminate()
            assert manager.recv(1000).decode() == "STOPPING=1"
            assert server.ends() == 0


def test_a_manager_that_is_not_there_is_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    tell_manager("READY=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    tell_manager("READY=1")


@pytest.mark.weights
def test_figures_tell_of_queue_memory_and_cached_networks_as_prometheus_wants_them(
    tmp_path: Path, weights_settings: Settings, u2netp_path: Path, isnet_path: Path
) -> None:
    with serving(
        tmp_path, weights_settings, "--models", "u2netp,isnet-general", waits=True, FEATHERCUT_CACHE_BYTES="1000"
    ) as server:
        assert server.cut().status_code == 200
        assert (server.figure("feathercut_networks"), server.figure("feathercut_network_loads_total")) == (1, 1)
        assert server.figure("feathercut_network_evictions_total") == 0
        assert server.cut(model="isnet-general").status_code == 200
        # One is kept, however large: the budget has room for none.
        assert (server.figure("feathercut_networks"), server.figure("feathercut_network_loads_total")) == (1, 2)
        assert server.figure("feathercut_network_evictions_total") == 1
        assert server.figure("feathercut_networks_limit_bytes") == 1000
        assert server.figure("feathercut_inference_memory_peak_bytes") > 100e6
        assert server.figure("feathercut_queue_limit_megapixels") == 200
        until(lambda: server.figure("feathercut_requests_running") == 1)  # this one
        text = server.get("metrics").text
        for stage in ("queue", "decode", "network", "cut", "encode"):
            assert f'feathercut_stage_seconds_count{{stage="{stage}"}} 2.0' in text
        if (promtool := shutil.which("promtool")) is not None:
            checked = subprocess.run(
                [promtool, "check", "metrics"], input=text, capture_output=True, text=True, timeout=30, check=False
            )
            assert (checked.returncode, checked.stderr) == (0, "")
