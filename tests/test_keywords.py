from __future__ import annotations

import inspect
from typing import Any

import pytest

import feathercut
from feathercut.errors import OptionError
from feathercut.keywords import method_takes, takes
from feathercut.options import Select


@takes(Select)
def described(value: str, options: Select) -> str:
    """The value and its options."""
    return f"{value} {options.presence}"


class Describer:
    word = "it"

    @method_takes(Select)
    def described(self, value: str, options: Select) -> str:
        """The value and its options, by a method."""
        return f"{self.word} {value} {options.presence}"


def test_fields_become_keywords() -> None:
    assert described("a", presence=0.5) == "a 0.5"
    assert described("a") == f"a {Select().presence}"
    assert Describer().described("a", presence=1) == "it a 1.0"


def test_an_unknown_keyword_is_an_option_that_is_not_there() -> None:
    call: Any = described
    with pytest.raises(OptionError, match="There is no option `presense`; did you mean `presence`"):
        call("a", presense=0.5)


def test_fields_do_not_go_by_place() -> None:
    call: Any = described
    with pytest.raises(TypeError):
        call("a", 0.5)


def test_a_photo_that_is_missing_is_named_as_in_the_signature() -> None:
    call: Any = feathercut.remove
    with pytest.raises(TypeError, match=r"^remove\(\): missing a required argument: 'source'$"):
        call()
    with pytest.raises(TypeError, match=r"described\(\): missing a required argument: 'value'"):
        call = Describer().described
        call(presence=1)
    with pytest.raises(TypeError, match="too many positional arguments"):
        call("a", "b")


def test_help_lists_the_fields_and_keeps_the_docstring() -> None:
    signature = inspect.signature(described)
    assert list(signature.parameters) == ["value", "region", "subject", "presence", "specks"]
    assert signature.parameters["value"].kind is inspect.Parameter.POSITIONAL_ONLY
    assert signature.parameters["presence"].kind is inspect.Parameter.KEYWORD_ONLY
    assert signature.parameters["presence"].default == Select().presence
    assert described.__doc__ == "The value and its options."
    assert list(inspect.signature(Describer().described).parameters) == [
        "value",
        "region",
        "subject",
        "presence",
        "specks",
    ]
