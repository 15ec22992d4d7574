"""Lints what deploy/ has, by the tools of each kind: hadolint, Compose's schema, Kubernetes' schemas, systemd.

`python scripts/deploy.py` ends with 1 where one of them complains. What comes from a registry is always there;
systemd's own check is left out where the machine has none, which is said.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "deploy"
OLDEST_KUBERNETES = "1.30"
MOST_EXPOSED = 2.0
"""What `systemd-analyze security` may say of the service at most, of 10."""


def commands(unit: Path) -> Iterator[tuple[str, list[str]]]:
    """What each file is linted by; `unit` is the service with a program that this machine has."""
    programs = Path(sys.executable).parent
    if (hadolint := programs / "hadolint").exists():
        yield "Containerfile", [str(hadolint), str(DEPLOY / "Containerfile")]
    else:
        print("deploy: hadolint has no build for this machine; the container file is not linted")
    schema = [str(programs / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    yield "compose.yaml", [*schema, str(DEPLOY / "compose.yaml")]
    for version in ([], ["--kubernetes-version", OLDEST_KUBERNETES]):
        words = [str(programs / "kubernetes-validate"), "--strict", "--quiet", *version]
        yield "kubernetes.yaml", [*words, str(DEPLOY / "kubernetes.yaml")]
    if (systemd := shutil.which("systemd-analyze")) is None:
        print("deploy: there is no systemd here; the service is not linted")
        return
    yield "feathercut.service", [systemd, "verify", "--man=no", str(unit)]
    yield "feathercut.service", [systemd, "security", "--offline=yes", f"--threshold={MOST_EXPOSED * 10:g}", str(unit)]


def main() -> int:
    """The exit code: 1 where something is wrong."""
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder) / "feathercut.service"
        text = (DEPLOY / "feathercut.service").read_text("utf-8")
        unit.write_text(text.replace("/opt/feathercut/bin/feathercut", shutil.which("true") or "/bin/true"), "utf-8")
        for name, words in commands(unit):
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            # `verify` ends with 0 for a name that it does not know, and says so.
            if done.returncode or (words[1] == "verify" and said.strip()):
                print(f"deploy/{name}: {Path(words[0]).name} ends with {done.returncode}\n{said}")
                wrong += 1
    if not wrong:
        print("deploy: nothing to complain of")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
