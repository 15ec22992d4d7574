"""Turns the fields of `options/` into flags: their names, types, sentences and defaults."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import click
from click.shell_completion import CompletionItem
from pydantic.fields import FieldInfo

from feathercut.cli.endings import with_flags
from feathercut.options import Section

Command = TypeVar("Command", bound=Callable[..., Any])
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


_ALSO = {"region": "--roi"}
"""Other names that flags are known by: remove.bg's for a region of interest."""


def flags(
    section: type[Section], *, without: frozenset[str] = frozenset(), complete: Mapping[str, Completer] | None = None
) -> Callable[[Command], Command]:
    """Gives a command one flag a field of `section`; `complete` says which words a shell offers for a field."""
    completers = complete or {}

    def decorate(command: Command) -> Command:
        for name, field in reversed(section.model_fields.items()):
            if name not in without:
                command = _flag(name, field, completers.get(name))(command)
        return command

    return decorate


def given(section: type[Section], values: Mapping[str, object]) -> dict[str, Any]:
    """The values of `section` among what a command was called with."""
    return {name: values[name] for name in section.model_fields if name in values}


def _flag(name: str, field: FieldInfo, completer: Completer | None) -> Callable[[Command], Command]:
    flag = "--" + name.replace("_", "-")
    sentence = with_flags(field.description or "")
    if field.annotation is bool:
        return click.option(flag, name, is_flag=True, default=bool(field.default), help=sentence)
    return click.option(
        flag,
        *([_ALSO[name]] if name in _ALSO else []),
        name,
        type=_click_type(field.annotation),
        default=field.default,
        show_default=True,
        help=sentence,
        shell_complete=completer,
    )


def _click_type(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = [kind for kind in get_args(annotation) if kind is not type(None)]
    if get_origin(annotation) is Literal:
        choices = get_args(annotation)
        return _Number(choices) if isinstance(choices[0], int) else click.Choice(choices)
    return {int: click.INT, float: click.FLOAT, str: click.STRING}[annotation]


class _Number(click.ParamType[int]):
    """One of a few whole numbers."""

    name = "number"

    def __init__(self, choices: tuple[int, ...]) -> None:
        self._choices = choices

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "[" + "|".join(map(str, self._choices)) + "]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if str(value) not in map(str, self._choices):
            self.fail(f"{value} is not one of {', '.join(map(str, self._choices))}.", param, ctx)
        return int(value)
