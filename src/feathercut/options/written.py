"""Fields that take more than they keep: a colour as numbers, a size as a pair. What is kept is a grammar's text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from feathercut import selection, values

if TYPE_CHECKING:
    Given = TypeVar("Given")
    Kept = TypeVar("Kept")

    class _Written(Generic[Given, Kept]):
        """A field that takes more than it keeps: what a type checker sees of the fields below."""

        def __get__(self, section: object, kind: object = None) -> Kept: ...
        def __set__(self, section: object, value: Given) -> None: ...

    Background = _Written[str | PurePath | tuple[int, int, int] | tuple[int, int, int, int], str]
    Margin = _Written[str | float, str]
    Size = _Written[str | int | tuple[int, int] | None, str | None]
    Scale = _Written[str | float | None, str | None]
    Position = _Written[str | None, str | None]
    Region = _Written[str | None, str | None]
    Subject = _Written[str | int | tuple[int, ...], str]
    Trimap = _Written[str | PurePath | None, str | None]
    Screen = _Written[str | tuple[int, int, int], str]
else:

    def _parse_screen(text: str) -> None:
        if text != "auto":
            values.parse_colour(text)

    def _written(kind: object, write: Callable[[object], object], parse: Callable[[str], object]) -> object:
        """A string that `parse` can read, made by `write` of what else people pass; the string is kept."""

        def check(text: str | None) -> str | None:
            if text is not None:
                parse(text)
            return text

        return Annotated[kind, BeforeValidator(write), AfterValidator(check)]

    Background = _written(str, values.write_background, values.parse_background)
    Margin = _written(str, values.write_margin, values.parse_margin)
    Size = _written(str | None, values.write_size, values.parse_size)
    Scale = _written(str | None, values.write_scale, values.parse_scale)
    Position = _written(str | None, values.write_position, values.parse_position)
    Region = _written(str | None, lambda text: text, values.parse_region)
    Subject = _written(str, selection.write_subject, selection.parse_subject)
    Trimap = _written(str | None, values.write_path, values.parse_path)
    Screen = _written(str, values.write_background, _parse_screen)

written: Any = Field
"""`Field` for one of these: the default is what is kept, and a type checker would want the field's own type."""
