"""Programs of others, installed from the registries, each in a folder and a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.removebg.detour import NODE_HOSTS, Detour
from server.removebg.serving import Served

# A client, and what else it imports where its own list of dependencies says less or older than what runs today.
PYTHON = {
    "removebg": ("removebg==0.04", "requests"),
    "remove-bg": ("remove-bg==0.2.1",),
    "remove-bg-api": ("remove-bg-api==0.2.1", "requests"),
    "rembgpy": ("rembgpy==1.0.1", "requests"),
    "removebgplus": ("removebgplus==0.1.2", "requests", "filetype"),
    "removebg-cli": ("removebg-cli==1.0.0", "requests", "rich"),
}
NODE = ("remove.bg@1.3.0", "removebg-wrapper@1.0.3")


@dataclass
class Outside:
    """What a client has around it: a folder, the way to us, and our server to look at."""

    folder: Path
    environment: dict[str, str]
    server: Served
    way: Detour

    def python(self, client: str, code: str, folder: Path, *words: str) -> str:
        """Runs a program that imports a client; gives what it prints."""
        installed = self.folder / client
        if not installed.exists():
            pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target"]
            subprocess.run([*pip, str(installed), *PYTHON[client]], check=True, capture_output=True, timeout=200)
        around = {**self.environment, "PYTHONPATH": str(installed)}
        program = [sys.executable, "-W", "ignore", "-c", code, *words]
        return self._said(program, around, folder)

    def node(self, code: str, folder: Path) -> str:
        """Runs a program that requires one of the clients for Node; gives what it prints."""
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("needs npm")
        installed = self.folder / "node"
        if not installed.exists():
            installed.mkdir()
            subprocess.run([npm, "install", "--silent", *NODE], cwd=installed, check=True, timeout=200)
        around = {**self.environment, "NODE_PATH": str(installed / "node_modules"), "NODE_NO_WARNINGS": "1"}
        del around["HTTPS_PROXY"], around["https_proxy"]  # form-data asks no proxy
        hosts = self.folder / "hosts.js"
        hosts.write_text(NODE_HOSTS.replace("PORT", self.server.base.rpartition(":")[2]))
        return self._said(["node", "--require", str(hosts), "-e", code], around, folder)

    @staticmethod
    def _said(program: list[str], around: dict[str, str], folder: Path) -> str:
        done = subprocess.run(program, env=around, cwd=folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
