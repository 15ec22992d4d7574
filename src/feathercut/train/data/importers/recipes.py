"""What people did in the editor → pairs: `photo.feathercut.json` beside the photo, replayed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from feathercut.errors import FeathercutError, InputError
from feathercut.options import Options
from feathercut.recipe import Canvas, Recipe, Shadow, Transparent
from feathercut.replaying import read_recipe_file, replay
from feathercut.train.data.importers.taken import Progress, Taken, begin, name_of, put

ENDING = ".feathercut.json"
_BLOCK = 1 << 20


def import_recipes(source: Path, folder: Path, progress: Progress) -> Taken:
    """Writes each photo that has a recipe, with the matte that the recipe makes. Raises InputError or OutputError.

    A recipe's photo is found beside it or anywhere in `source`, by its hash. What cannot be replayed is told in
    `left_out` and stops nothing.
    """
    recipes = recipes_in(source)
    if not recipes:
        raise InputError(f"{source} has no `*{ENDING}`; the editor saves one beside its photo")
    begin(folder, "recipes", "soft")
    photos = Photos(source)
    taken = Taken()
    for done, path in enumerate(recipes):
        try:
            recipe = read_recipe_file(path)
            photo = photos.find(recipe, path.parent)
            if photo is None:
                raise InputError(f"{path}: its photo, {recipe.photo.name}, is not in {source}")
            take(photo, recipe, folder, name_of(str(path.relative_to(source)).removesuffix(ENDING) + photo.suffix))
            taken.pairs += 1
        except FeathercutError as error:
            taken.left_out.append(str(error))
        progress(path.name, done + 1, len(recipes))
    return taken


def recipes_in(source: Path) -> list[Path]:
    """The recipes in a folder and below. Raises InputError where it is no folder."""
    if not source.is_dir():
        raise InputError(f"{source} is no folder; name the one that holds the recipes and their photos")
    return sorted(path for path in source.rglob(f"*{ENDING}") if path.is_file())


def take(photo: Path, recipe: Recipe, folder: Path, name: str) -> None:
    """Puts a photo and what its recipe makes of it into a set. Raises what replaying raises."""
    # Only the matte is wanted: what it stands on, and where, is of no interest.
    plain = recipe.model_copy(
        update={"decontaminate": 0.0, "background": Transparent(), "shadow": Shadow(), "canvas": Canvas()}
    )
    result = replay(photo, plain, options=Options())
    put(folder, name, photo, result.cutout.alpha)


class Photos:
    """The photos of a folder and below, found by what recipes say of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_hash: dict[str, Path] | None = None

    def find(self, recipe: Recipe, beside: Path) -> Path | None:
        """The photo of a recipe: of its name beside it, else of its hash anywhere; None where there is none."""
        named = beside / Path(recipe.photo.name).name
        if named.is_file() and sha256(named) == recipe.photo.sha256:
            return named
        if self._by_hash is None:
            self._by_hash = {sha256(path): path for path in self._all()}
        return self._by_hash.get(recipe.photo.sha256)

    def _all(self) -> Iterator[Path]:
        return (path for path in sorted(self._folder.rglob("*")) if path.is_file() and path.suffix.lower() != ".json")


def sha256(path: Path) -> str:
    """The hash of a file as recipes have it. Raises InputError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
