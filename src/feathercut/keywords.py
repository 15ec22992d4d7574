"""Lets a function take the fields of an options class as keywords, without writing them again.

`remove(photo, background="white")` is typed, checked and documented from `options.py` alone.
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
        @functools.wraps(function)
        def with_keywords(value: First, /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
            return function(value, options(*args, **kwargs))

        _show_signature(with_keywords, function, options)
        return with_keywords

    return decorate


def method_takes(
    options: Callable[P, Chosen],
) -> Callable[[Callable[[First, Second, Chosen], Outcome]], Callable[Concatenate[First, Second, P], Outcome]]:
    """As `takes`, for a method of one value."""

    def decorate(
        method: Callable[[First, Second, Chosen], Outcome],
    ) -> Callable[Concatenate[First, Second, P], Outcome]:
        @functools.wraps(method)
        def with_keywords(self: First, value: Second, /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
            return method(self, value, options(*args, **kwargs))

        _show_signature(with_keywords, method, options)
        return with_keywords

    return decorate


def _show_signature(shown: Any, function: Callable[..., Any], options: Callable[..., Any]) -> None:
    """Makes `help()` and editors list the fields."""
    own = inspect.signature(function)
    fields = inspect.signature(options).parameters.values()
    positional = [p.replace(kind=p.POSITIONAL_ONLY) for p in list(own.parameters.values())[:-1]]
    shown.__signature__ = own.replace(parameters=[*positional, *fields])
