"""Other background removers: how each is installed in an environment of its own, and run on one photo.

Which of them can run is found by running them: `usable` says why one could not. Their code and weights stay below
`.bench/peers`, which git ignores.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import incumbent
from bench.places import BENCH, rembg_command, rembg_settings
from bench.processes import BenchError, Command, say

_FOLDER = BENCH / "peers"
_PATIENCE_S = 600
"""How long an installation or a first run, which fetches weights, may take."""
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


@dataclass(frozen=True)
class Peer:
    """A tool. `packages` are for pip or npm; `{folder}`, `{photo}` and `{target}` are filled into its words.

    `runs` of it are made for seven of ours: a slow one is measured less often.
    """

    name: str
    packages: tuple[str, ...]
    words: tuple[str, ...]
    installer: str = "pip"
    settings: Mapping[str, str] = field(default_factory=dict)
    most_megapixels: float = 12
    runs: int = 3

    @property
    def folder(self) -> Path:
        return _FOLDER / self.name.split()[0]

    def command(self, photo: Path, target: Path) -> Command:
        filled = [word.format(folder=self.folder, photo=photo, target=target) for word in self.words]
        return Command(self.name, filled, self.settings)


def _rembg(name: str, model: str, *flags: str, most: float = 1000, runs: int = 7) -> Peer:
    words = (rembg_command("rembg"), "i", "-m", incumbent.NETWORKS[model], *flags, "{photo}", "{target}")
    return Peer(name, (), words, "rembg", rembg_settings(), most, runs)


_NODE = (
    "import {removeBackground} from '@imgly/background-removal-node';import {writeFile} from 'node:fs/promises';"
    "const blob=await removeBackground('file://'+process.argv[1]);"
    "await writeFile(process.argv[2],Buffer.from(await blob.arrayBuffer()))"
)

REMBG = _rembg("rembg", "isnet-general")
REMBG_MATTING = _rembg("rembg -a", "isnet-general", "-a", most=12, runs=3)
REMBG_SMALL = _rembg("rembg u2netp", "u2netp")
OTHERS = (
    Peer(
        "backgroundremover",
        ("backgroundremover==0.4.5",),
        (f"{{folder}}/{SCRIPTS}/backgroundremover", "-i", "{photo}", "-o", "{target}"),
    ),
    Peer(
        "transparent-background",
        ("transparent-background==1.3.4",),
        (f"{{folder}}/{SCRIPTS}/transparent-background", "--source", "{photo}", "--dest", "{folder}"),
    ),
    Peer(
        "withoutbg",
        ("withoutbg==1.3.0",),
        (f"{{folder}}/{SCRIPTS}/withoutbg", "{photo}", "-o", "{target}"),
    ),
    Peer(
        "imgly-node",
        ("@imgly/background-removal-node@1.4.5",),
        ("node", "--input-type=module", "-e", _NODE, "{photo}", "{target}"),
        "npm",
    ),
)


def usable(peer: Peer, photo: Path) -> str | None:
    """None where the tool runs here, else why it does not: what its installation or its first run said last."""
    if peer.installer == "rembg":
        try:
            incumbent.install()
            incumbent.give_weights()
        except BenchError as error:
            return str(error)
        return None
    try:
        for step in _steps(peer):
            say(f"installing {peer.name}: {' '.join(step[-2:])}")
            _run(step, peer)
        target = peer.folder / "first.png"
        target.unlink(missing_ok=True)
        say(f"running {peer.name} for the first time")
        command = peer.command(photo.absolute(), target)
        _run(command.words, peer, command.settings)
    except BenchError as error:
        return str(error)
    return None


def _steps(peer: Peer) -> list[Sequence[str]]:
    """What is still to be done to install it."""
    done = peer.folder / "installed.txt"
    wanted = " ".join(peer.packages)
    if done.is_file() and done.read_text("utf-8") == wanted:
        return []
    peer.folder.mkdir(parents=True, exist_ok=True)
    mark = [sys.executable, "-c", f"open({str(done)!r}, 'w').write({wanted!r})"]
    if peer.installer == "npm":
        return [["npm", "install", "--no-audit", "--no-fund", "--prefix", str(peer.folder), *peer.packages], mark]
    python = str(peer.folder / SCRIPTS / "python")
    return [
        [sys.executable, "-m", "venv", str(peer.folder)],
        [python, "-m", "pip", "install", "--quiet", *peer.packages],
        mark,
    ]


def _run(words: Sequence[str], peer: Peer, settings: Mapping[str, str] | None = None) -> None:
    log = _FOLDER / f"{peer.folder.name}.log"
    with log.open("wb") as stream:
        try:
            ended = subprocess.run(
                list(words),
                cwd=peer.folder,
                env={**os.environ, **(settings or {})},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise BenchError(f"{words[0]}: {error}") from error
    if ended.returncode:
        raise BenchError(_last_words(log, ended.returncode))


def _last_words(log: Path, exit_code: int) -> str:
    """The last line that says something, without the addresses in it."""
    said = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    telling = [line for line in said if "rror" in line and "complete log" not in line] or said
    return telling[-1][:200] if telling else f"exit code {exit_code}"
