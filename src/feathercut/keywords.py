"""Lets a function take the fields of an options class as keywords, without writing them again.

`remove(photo, background="white")` is typed, checked and documented from `options/` alone.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
First = TypeVar("First")
Second = TypeVar("Second")
Chosen = TypeVar("Chosen")
Outcome = TypeVar("Outcome")


def takes(
    options: Callable[P, Chosen],
) -> Callable[[Callable[[First, Chosen], Outcome]], Callable[Concatenate[First, P], Outcome]]:
    """Turns `function(value, options)` into `function(value, **fields of options)`."""

    def decorate(function: Callable[[First, Chosen], Outcome]) -> Callable[Concatenate[First, P], Outcome]:
        made: Callable[Concatenate[First, P], Outcome] = _with_keywords(function, options)
        return made

    return decorate


def method_takes(
    options: Callable[P, Chosen],
) -> Callable[[Callable[[First, Second, Chosen], Outcome]], Callable[Concatenate[First, Second, P], Outcome]]:
    """As `takes`, for a method of one value."""

    def decorate(
        method: Callable[[First, Second, Chosen], Outcome],
    ) -> Callable[Concatenate[First, Second, P], Outcome]:
        made: Callable[Concatenate[First, Second, P], Outcome] = _with_keywords(method, options)
        return made

    return decorate


def _with_keywords(function: Callable[..., Any], options: Callable[..., Any]) -> Any:
    """The function; `help()` and editors list the fields of its options."""

    @functools.wraps(function)
    def with_keywords(*values: Any, **fields: Any) -> Any:
        _check_values(function, values)
        return function(*values, options(**fields))

    shown: Any = with_keywords
    listed = inspect.signature(options).parameters.values()
    shown.__signature__ = inspect.signature(function).replace(parameters=[*_by_place(function), *listed])
    return shown


def _check_values(function: Callable[..., Any], values: tuple[object, ...]) -> None:
    """Raises TypeError, which names them as the signature does, where values are missing or too many."""
    try:
        inspect.Signature(_by_place(function)).bind(*values)
    except TypeError as error:
        raise TypeError(f"{function.__qualname__}(): {error}") from None


def _by_place(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters before the options."""
    own = list(inspect.signature(function).parameters.values())[:-1]
    return [parameter.replace(kind=parameter.POSITIONAL_ONLY) for parameter in own]
