"""Windows, macOS and Linux differ in one file only: `system.py`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "feathercut"
THE_ONE_FILE = PACKAGE / "system.py"

POSIX_MODULES = frozenset(
    "fcntl grp posix pty pwd readline resource syslog termios tty curses crypt spwd msvcrt winreg".split()  # noqa: SIM905
)
POSIX_NAMES = frozenset(
    {"os.abort", "os.dup", "os.dup2", "os.mkfifo", "os.mknod", "os.statvfs", "os.sync", "os.umask", "os.uname"}
    | {"os.fork", "os.forkpty", "os.wait", "os.waitpid", "os.kill", "os.killpg", "os.nice", "os.getpriority"}
    | {"os.getuid", "os.geteuid", "os.getgid", "os.getegid", "os.getpgid", "os.getppid", "os.setsid", "os.setuid"}
    | {"os.chown", "os.lchown", "os.chroot", "os.fchmod", "os.fchown", "os.getloadavg", "os.openpty", "os.ttyname"}
    | {
        "os.get_blocking",
        "os.set_blocking",
        "os.pread",
        "os.pwrite",
        "os.sendfile",
        "os.posix_spawn",
        "os.memfd_create",
    }
    | {"os.symlink", "os.link", "os.O_DIRECTORY", "os.O_NOFOLLOW", "os.O_CLOEXEC", "os.O_NONBLOCK"}
    | {"signal.SIGKILL", "signal.SIGHUP", "signal.SIGPIPE", "signal.SIGALRM", "signal.SIGUSR1", "signal.SIGUSR2"}
    | {"signal.alarm", "signal.pause", "signal.setitimer", "signal.pthread_sigmask", "signal.sigwait", "signal.SIGTERM"}
    | {"time.tzset", "socket.AF_UNIX", "asyncio.add_signal_handler", "os.startfile", "ctypes.windll"}
)
FORBIDDEN_WORDS = {"preexec_fn", "start_new_session", "process_group"}
"""Arguments of `subprocess` that only POSIX has."""

FILES = [path for path in sorted(PACKAGE.rglob("*.py")) if path != THE_ONE_FILE]


def posix_only(tree: ast.AST) -> Iterator[str]:
    """What a module uses that some system has not."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            is_family = name.startswith(("os.sched_", "os.posix_", "os.W", "os.ex")) and name != "os.W_OK"
            if name in POSIX_NAMES or is_family:
                yield f"line {node.lineno}: {name}"
        elif isinstance(node, ast.Import):
            yield from (f"line {node.lineno}: {one.name}" for one in node.names if one.name in POSIX_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in POSIX_MODULES:
                yield f"line {node.lineno}: {node.module}"
            full = (f"{node.module}.{one.name}" for one in node.names)
            yield from (f"line {node.lineno}: {name}" for name in full if name in POSIX_NAMES)
        elif isinstance(node, ast.keyword) and node.arg in FORBIDDEN_WORDS:
            yield f"line {node.value.lineno}: {node.arg}="


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_posix_only_outside_the_one_file(path: Path) -> None:
    found = list(posix_only(ast.parse(path.read_text("utf-8"))))
    assert not found, f"{path.name}: {found}; it belongs into system.py, with a way for the other systems"


def test_the_check_finds_what_it_looks_for() -> None:
    code = "import os, fcntl\nfrom signal import SIGKILL\nos.dup2(1, 2)\nos.sched_getaffinity(0)\nrun(preexec_fn=f)\n"
    assert len(list(posix_only(ast.parse(code)))) == 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_text_files_are_read_in_one_encoding_everywhere(path: Path) -> None:
    """Windows would read and write its own code page where none is named."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = {word.arg for word in node.keywords}
            place = {"read_text": 0, "write_text": 1}.get(node.func.attr)
            if place is not None:
                assert "encoding" in named or len(node.args) > place, f"{path.name}, line {node.lineno}"
            if node.func.attr == "open" and node.args and isinstance(node.args[0], ast.Constant):
                mode = str(node.args[0].value)
                assert "b" in mode or "encoding" in named or len(mode) > 3, f"{path.name}, line {node.lineno}"


def test_the_one_file_has_a_way_for_systems_without(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from feathercut import system

    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert system.usable_cores() == (os.cpu_count() or 1)
