"""The text of docs/library.md: the public names, with their signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import BaseModel

import feathercut
from feathercut.options import RemoveOptions

HEAD = """# The library

Written by `scripts/docs.py`; the examples are run by `make test`.

```python
import feathercut

cutout = feathercut.remove("photo.jpg")  # a path, bytes, an open file, a Pillow image or an array
cutout.save("photo-cutout.png")
cutout.over("white").save("photo-white.jpg")
print(cutout.found, cutout.alpha.shape, cutout.rgb.dtype)
```

A loaded network, for many photos and from any thread:

```python
from pathlib import Path

with feathercut.Remover(model="u2netp") as remover:
    for photo in Path("photos").glob("*.jpg"):
        remover.remove(photo, crop=True, margin="5%").save(photo.with_suffix(".webp"))
```

An array from OpenCV, whose colours are blue, green, red; and a result on a canvas of its own:

```python
import numpy as np

bgr = np.zeros((480, 640, 3), np.uint8)
nothing = feathercut.remove(bgr, order="bgr", model="u2netp")
assert not nothing.found

product = feathercut.remove("photo.jpg", model="u2netp", background="#f4f4f4", size="1000x1000", scale="80%")
assert product.to_pil().size == (1000, 1000)
```

Errors have a parent:

```python
try:
    feathercut.remove(b"this is no picture")
except feathercut.FeathercutError as error:
    print(error)
```

"""


def prose(thing: object) -> str:
    """A docstring without its examples, which are tested where they stand."""
    parts = (inspect.getdoc(thing) or "").split("\n\n")
    return "\n\n".join(part for part in parts if not part.lstrip().startswith(">>>"))


def signature(name: str, function: Callable[..., Any]) -> str:
    """A function's name and parameters; those that are options become one word."""
    own = inspect.signature(function)
    words: list[str] = []
    takes_options = False
    for parameter in own.parameters.values():
        if parameter.name == "self":
            continue
        if parameter.name in RemoveOptions.model_fields and hasattr(function, "__wrapped__"):
            takes_options = True
            continue
        kind = "" if parameter.annotation is parameter.empty else f": {parameter.annotation}"
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        is_named = parameter.kind is parameter.KEYWORD_ONLY
        star = "*, " if is_named and not any(word.startswith("*") for word in words) else ""
        kinds = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}
        many = kinds.get(parameter.kind.name, "")
        words.append(f"{star}{many}{parameter.name}{kind}{default}")
    if takes_options:
        words.append("**options")
    result = "" if own.return_annotation in (own.empty, None, "None") else f" -> {own.return_annotation}"
    return f"{name}({', '.join(words)}){result}"


def members(kind: type) -> Iterator[str]:
    """What a class offers: fields, properties, methods."""
    if dataclasses.is_dataclass(kind):
        yield from (f"- `{field.name}: {field.type}`\n" for field in dataclasses.fields(kind))
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property):
            shown = f"{name} -> {inspect.signature(value.fget).return_annotation}" if value.fget else name
            yield f"- `{shown}`: {flat(value)}\n"
        elif isinstance(value, classmethod):
            yield f"- `{signature(f'{kind.__name__}.{name}', getattr(kind, name))}`: {flat(value.__func__)}\n"
        elif inspect.isfunction(value):
            yield f"- `{signature(name, value)}`: {flat(value)}\n"


def flat(thing: object) -> str:
    """A docstring as one paragraph."""
    return " ".join(prose(thing).split())


def entry(name: str) -> str:
    """A public name's part of the page."""
    thing = getattr(feathercut, name)
    if not inspect.isclass(thing):
        return f"### `{signature(name, thing)}`\n\n{prose(thing)}\n\n"
    if issubclass(thing, BaseModel):
        return f"### `{name}`\n\n{prose(thing)} Its fields are in [options.md](options.md).\n\n"
    if issubclass(thing, Exception):
        return f"### `{name}`\n\n{prose(thing)} Its kinds are in [errors.md](errors.md).\n\n"
    called = signature(name, thing.__init__) if not dataclasses.is_dataclass(thing) else name
    listed = "".join(members(thing))
    return f"### `{called}`\n\n{prose(thing)}\n\n{listed}\n"


def render() -> str:
    """The page."""
    first = ["remove", "Remover", "Result", "unload"]
    rest = [name for name in feathercut.__all__ if name not in first]
    note = "`**options` stands for the keywords of [options.md](options.md), each typed and checked.\n\n"
    return HEAD + "## Public names\n\n" + note + "".join(map(entry, [*first, *rest])).rstrip() + "\n"
