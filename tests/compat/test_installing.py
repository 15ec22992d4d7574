"""`import rembg` in an environment of its own: scripts that were written for rembg run there unedited."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.settings import Settings

REPOSITORY = Path(__file__).parents[2]

ONE_FILE = """
from rembg import remove

with open('input.png', 'rb') as i:
    with open('output.png', 'wb') as o:
        input = i.read()
        output = remove(input)
        o.write(output)
"""
PILLOW = """
from rembg import remove
from PIL import Image

input = Image.open('input.png')
output = remove(input)
output.save('output.png')
"""
ARRAY = """
from rembg import remove
import numpy as np
from PIL import Image

output = remove(np.array(Image.open('input.png')))
Image.fromarray(output).save('output.png')
"""
BYTES = """
from rembg import remove

with open('input.png', 'rb') as i:
    with open('output.png', 'wb') as o:
        o.write(remove(i.read(), force_return_bytes=True))
"""
FOLDER = """
from pathlib import Path
from rembg import remove, new_session

session = new_session()

for file in Path('.').glob('in*.png'):
    input_path = str(file)
    output_path = str(file.parent / 'output.png')
    with open(input_path, 'rb') as i:
        with open(output_path, 'wb') as o:
            o.write(remove(i.read(), session=session))
"""
EVERYTHING = """
import rembg
from rembg.bg import remove
from rembg.session_factory import new_session
from rembg.sessions import sessions_names, sessions_class
from rembg.sessions.base import BaseSession
from rembg.sessions.u2netp import U2netpSession
from PIL import Image

session = new_session('u2netp', providers=['CPUExecutionProvider'])
assert isinstance(session, BaseSession) and isinstance(session, U2netpSession)
assert 'isnet-general-use' in sessions_names and U2netpSession in sessions_class
assert rembg.__version__.startswith('2.0.') and rembg.remove is remove
output = remove(
    Image.open('input.png'), session=session, alpha_matting=True, alpha_matting_foreground_threshold=270,
    alpha_matting_background_threshold=20, alpha_matting_erode_size=11, post_process_mask=True,
)
assert remove(Image.open('input.png'), session=session, only_mask=True).mode == 'L'
output.save('output.png')
"""


@dataclass(frozen=True)
class Environment:
    """A fresh environment that has Feathercut and what it needs, and no rembg."""

    python: Path
    site: Path
    folder: Path
    cache: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        settings = {**os.environ, "FEATHERCUT_CACHE": str(self.cache), "PYTHONDONTWRITEBYTECODE": ""}
        return subprocess.run(
            [str(self.python), *words], cwd=self.folder, env=settings, capture_output=True, text=True, check=False,
            timeout=200,
        )  # fmt: skip

    def rembg(self, word: str) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "feathercut.compat.rembg", word)

    def files(self) -> dict[str, bytes]:
        kept = (path for path in self.site.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {path.relative_to(self.site).as_posix(): path.read_bytes() for path in kept}


@pytest.fixture
def environment(tmp_path: Path, weights_settings: Settings) -> Environment:
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    (site / "feathercut-and-what-it-needs.pth").write_text(f"{REPOSITORY / 'src'}\n{sysconfig.get_path('purelib')}\n")
    folder = tmp_path / "work"
    folder.mkdir()
    return Environment(python, site, folder, weights_settings.cache)


def test_it_is_written_and_taken_back_to_the_last_byte(environment: Environment) -> None:
    before = environment.files()
    assert "No module named 'rembg'" in environment.run("-c", "import rembg").stderr
    done = environment.rembg("install")
    assert (done.returncode, done.stdout.strip()) == (0, f"`import rembg` means Feathercut now: {environment.site}")
    assert {name.split("/")[0] for name in environment.files().keys() - before.keys()} == {
        "rembg",
        "rembg-2.0.86+feathercut.dist-info",
    }
    told = environment.run(
        "-c", "import rembg, importlib.metadata as m; print(rembg.remove.__module__, m.version('rembg'))"
    )
    assert told.stdout.split() == ["feathercut.compat.rembg.bg", "2.0.86+feathercut"]
    assert environment.rembg("uninstall").returncode == 0
    assert environment.files() == before
    assert not (environment.site / "rembg").exists()
    assert "No module named 'rembg'" in environment.run("-c", "import rembg").stderr


def test_record_names_every_file_with_its_hash(environment: Environment) -> None:
    environment.rembg("install")
    code = (
        "import importlib.metadata as m; files = m.distribution('rembg').files; "
        "print(sorted(str(f) for f in files), all(f.hash is None or f.hash.mode == 'sha256' for f in files))"
    )
    named = environment.run("-c", code).stdout
    assert "'rembg/__init__.py'" in named
    assert "RECORD" in named


def test_rembg_that_is_installed_stays_as_it_is(environment: Environment) -> None:
    (environment.site / "rembg").mkdir()
    (environment.site / "rembg/__init__.py").write_text("remove = 'theirs'\n")
    info = environment.site / "rembg-2.0.50.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rembg\nVersion: 2.0.50\n")
    before = environment.files()
    refused = environment.rembg("install")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "rembg 2.0.50 is installed here, and stays as it is" in refused.stderr
    assert environment.rembg("uninstall").returncode == 3
    assert environment.files() == before


def test_module_of_that_name_without_a_distribution_stays_too(environment: Environment) -> None:
    (environment.site / "rembg.py").write_text("remove = 'theirs'\n")
    before = environment.files()
    refused = environment.rembg("install")
    assert refused.returncode == 3
    assert "rembg.py here, which stays as it is" in refused.stderr
    assert environment.files() == before


def test_twice_is_refused_and_a_folder_where_it_is_called_does_not_count(environment: Environment) -> None:
    (environment.folder / "rembg").mkdir()
    (environment.folder / "rembg/__init__.py").write_text("")
    assert environment.rembg("install").returncode == 0
    again = environment.rembg("install")
    assert (again.returncode, "means Feathercut already" in again.stderr) == (3, True)


def test_what_was_put_on_top_is_not_removed(environment: Environment) -> None:
    environment.rembg("install")
    (environment.site / "rembg/__init__.py").write_text("remove = 'theirs'\n")
    before = environment.files()
    refused = environment.rembg("uninstall")
    assert (refused.returncode, "is not as Feathercut wrote it" in refused.stderr) == (3, True)
    assert environment.files() == before


def test_words_that_it_does_not_know_are_told(environment: Environment) -> None:
    told = environment.rembg("remove")
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("python -m feathercut.compat.rembg install|uninstall: makes `import rembg`")


@pytest.mark.weights
@pytest.mark.parametrize("script", [ONE_FILE, PILLOW, ARRAY, BYTES, FOLDER, EVERYTHING])
def test_scripts_run_unedited(
    environment: Environment, script: str, disc: Image.Image, u2netp_path: Path, isnet_path: Path
) -> None:
    environment.rembg("install")
    disc.save(environment.folder / "input.png")
    (environment.folder / "script.py").write_text(script)
    done = environment.run("script.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    cutout = np.asarray(Image.open(environment.folder / "output.png"))
    assert cutout.shape == (120, 160, 4)
    assert cutout[60, 80].tolist() == [200, 30, 40, 255]
    assert cutout[5, 5].tolist() == [0, 0, 0, 0]
