"""What the student learns from: photos whose licences let its weights be given away, as a data set in `.bench/student`.

- `photos`: the CC0 photos of `../shared/photos-unlabelled/cc0`; their mattes are what `feathercut remove` answers, the
  teacher (IS-Net and U²-Net-p, fused).
- `drawn`: pictures with an alpha channel of their own before parts of those photos that show no subject: the rendered
  figures of Microsoft's Fluent Emoji (MIT, npm `@lobehub/fluent-emoji-3d`) and clip art of the Open Clip Art Library
  (public domain, Debian `openclipart-png`).
- `scene`: ten photos of the world outside, of Debian's `lomiri-wallpapers-16.04` (CC0 and CC-BY-4.0), without a matte.
- `rendered`: scenes of `feathercut.evaluate.synthetic`, whose alpha is exact.

Each is made once and kept; a run that was stopped goes on.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from bench.places import BENCH, ROOT
from bench.processes import BenchError, say
from feathercut.evaluate.synthetic.seeds import Kind

FOLDER = BENCH / "student"
PAIRS = FOLDER / "pairs"
DRAWN, RENDERED = 400, 40
"""Pictures of the second kind, and scenes of each kind of subject."""
_SIDE = 384
_TRIES = 40
_PHOTOS = ROOT.parent / "shared" / "photos-unlabelled" / "cc0"
_SOURCES = FOLDER / "sources"
_EMOJI, _CLIP_ART = "@lobehub/fluent-emoji-3d", "openclipart-png"
_WALLPAPERS = "lomiri-wallpapers-16.04"
_SCENES = (
    "aitzgorri_by_Aitzol_Berasategi", "friends_by_Aitzol_Berasategi", "life_by_Aitzol_Berasategi",
    "picosdeeuropa_by_Aitzol_Berasategi", "sunset_by_Aitzol_Berasategi", "Picture_0B_by_freespace",
    "Picture_1A_by_freespace", "seeding_by_Clements_Engelhardt", "umang_by_Abhishek_Mudgal", "Wine_by_Jakkub_Mede",
)  # fmt: skip
"""Of its photos those that may be given away changed and under other terms: `seeding` is CC0, the others CC-BY-4.0."""
_KINDS = (
    "animals", "buildings", "containers", "electronics", "food", "office", "people", "plants", "recreation", "tools",
    "transportation",
)  # fmt: skip
_RENDERED_KINDS: tuple[Kind, ...] = ("hair", "fur", "holes", "motion")
_LETTERS = ("0023", "002a", "003", "1f1", "1f17", "1f19", "1f3f4-", "26", "21", "23", "2b", "27", "1f50", "1f55")
"""Where names of flags, signs and clocks begin."""


def make() -> Path:
    """The data set's folder, with all that is to be in it. Raises BenchError."""
    if not _PHOTOS.is_dir():
        raise BenchError("there is no ../shared/photos-unlabelled/cc0, beside the repository")
    for name in ("images", "alpha"):
        (PAIRS / name).mkdir(parents=True, exist_ok=True)
    _teach()
    _draw(_fetched())
    _render()
    _look_outside()
    return PAIRS


def _teach() -> None:
    """The photos, with what the teacher says of them."""
    from feathercut import Remover

    todo = [path for path in sorted(_PHOTOS.iterdir()) if not _is_there(f"photo-{path.stem}")]
    if not todo:
        return
    teacher = Remover()
    for number, path in enumerate(todo):
        say(f"teaching: photo {number + 1} of {len(todo)}")
        with Image.open(path) as file:
            photo = file.convert("RGB")
        photo.thumbnail((1024, 1024), Image.Resampling.LANCZOS)
        alpha = teacher.remove(photo, shadow="none").cutout.alpha
        _write(f"photo-{path.stem}", photo, Image.fromarray(np.uint8(np.round(alpha * 255))))


def _fetched() -> list[Path]:
    """The pictures with an alpha channel, by name."""
    emoji, art = _SOURCES / "emoji", _SOURCES / "art"
    if not emoji.is_dir():
        _run(["npm", "pack", _EMOJI, "--silent", "--pack-destination", str(_folder(_SOURCES))])
        [packed] = _SOURCES.glob("*.tgz")
        _run(["tar", "-xzf", str(packed), "-C", str(_folder(emoji))])
    _fetch_debian(_CLIP_ART, art)
    figures = [path for path in emoji.rglob("*.webp") if not path.stem.startswith(_LETTERS) and not _has_tone(path)]
    drawings = [path for kind in _KINDS for path in art.rglob(f"png/{kind}/**/*.png")]
    return [*sorted(figures), *sorted(drawings)]


def _fetch_debian(package: str, into: Path) -> None:
    if not into.is_dir():
        _run(["apt-get", "download", package], _folder(_SOURCES))
        [packed] = _SOURCES.glob(f"{package}_*.deb")
        _run(["dpkg-deb", "-x", str(packed), str(_folder(into))])


def _has_tone(path: Path) -> bool:
    """Whether a figure is another's in another colour of skin; one in five of those is enough."""
    return "1f3f" in path.stem and "1f3fd" not in path.stem


def _draw(figures: Sequence[Path]) -> None:
    behind = sorted((PAIRS / "images").glob("photo-*"))
    emoji = [path for path in figures if path.suffix == ".webp"]
    art = [path for path in figures if path.suffix == ".png"]
    for number in range(DRAWN):
        own = np.random.default_rng([1, number])
        chosen = [_any(own, emoji if own.random() < 0.6 else art) for _ in range(1 if own.random() < 0.8 else 2)]
        place = _any(own, behind)
        if _is_there(f"drawn-{number:04}"):
            continue
        say(f"drawing: {number + 1} of {DRAWN}")
        photo, alpha = _ground(own, place), Image.new("L", (_SIDE, _SIDE))
        for path in chosen:
            figure = _figure(own, path)
            if figure is not None:
                x, y = (int(own.uniform(-0.1, 1.1) * (_SIDE - side)) for side in figure.size)
                photo.paste(figure, (x, y), figure)
                alpha.paste(255, (x, y), figure.getchannel("A"))
        if np.asarray(alpha).mean() > 255 * 0.02:
            _write(f"drawn-{number:04}", photo, alpha)


def _figure(random: np.random.Generator, path: Path) -> Image.Image | None:
    """A figure, cut to its box, of a chance size; None where it is no figure but a filled sheet, or nearly nothing."""
    with Image.open(path) as file:
        figure = file.convert("RGBA")
    box = figure.getchannel("A").getbbox()
    if box is None:
        return None
    figure = figure.crop(box)
    if not 0.15 < np.asarray(figure.getchannel("A")).mean() / 255 < 0.92:
        return None
    figure = _scaled(figure, random.uniform(0.3, 1.0) * _SIDE / max(figure.size), Image.Resampling.LANCZOS)
    return figure.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else figure


def _ground(random: np.random.Generator, path: Path) -> Image.Image:
    """The part of a photo that shows least of its subject, of a few that chance proposes."""
    with Image.open(path) as file, Image.open(PAIRS / "alpha" / f"{path.stem}.png") as matte:
        photo, alpha = file.convert("RGB"), np.asarray(matte, np.float32) / 255
    best, least = (0, 0, 64), 2.0
    for _ in range(_TRIES):
        side = int(random.uniform(0.2, 0.7) * min(photo.size))
        x, y = (int(random.random() * (whole - side)) for whole in photo.size)
        shown = float(alpha[y : y + side, x : x + side].mean()) - 0.02 * side / min(photo.size)
        if shown < least:
            best, least = (x, y, side), shown
    x, y, side = best
    ground = photo.crop((x, y, x + side, y + side)).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC)
    return ground.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else ground


def _render() -> None:
    from feathercut.evaluate.synthetic.scenes import render

    behind = sorted((PAIRS / "images").glob("photo-*"))
    for number in range(RENDERED):
        for kind in _RENDERED_KINDS:
            name = f"rendered-{kind}-{number:03}"
            if _is_there(name):
                continue
            say(f"rendering: {name}")
            scene = render(5000 + number, kind, (_SIDE, _SIDE), behind)
            photo, alpha = (Image.fromarray(np.uint8(np.round(part * 255))) for part in (scene.rgb, scene.alpha))
            _write(name, photo, alpha)


def _look_outside() -> None:
    _fetch_debian(_WALLPAPERS, _SOURCES / "wallpapers")
    for name in _SCENES:
        if not _is_there(f"scene-{name}"):
            [path] = (_SOURCES / "wallpapers").rglob(f"{name}.jpg")
            with Image.open(path) as file:
                photo = file.convert("RGB")
            _write(f"scene-{name}", photo, Image.new("L", photo.size))


def _is_there(name: str) -> bool:
    return (PAIRS / "images" / f"{name}.jpg").is_file()


def _write(name: str, photo: Image.Image, alpha: Image.Image) -> None:
    """A pair of which no part is missing where its photo is there."""
    ratio = min(1.0, 2 * _SIDE / max(photo.size))
    _scaled(alpha, ratio, Image.Resampling.BOX).save(PAIRS / "alpha" / f"{name}.png")
    part = PAIRS / f"{name}.part"
    _scaled(photo, ratio, Image.Resampling.LANCZOS).save(part, "JPEG", quality=95)
    part.replace(PAIRS / "images" / f"{name}.jpg")


def _scaled(picture: Image.Image, ratio: float, how: Image.Resampling) -> Image.Image:
    width, height = picture.size
    return picture.resize((max(1, round(width * ratio)), max(1, round(height * ratio))), how)


def _any(random: np.random.Generator, of: Sequence[Path]) -> Path:
    return of[int(random.integers(len(of)))]


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _run(words: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"`{' '.join(words)}` failed: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    make()
