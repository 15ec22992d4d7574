from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import feathercut

NAMES = [
    "Animation",
    "Client",
    "Cutout",
    "FeathercutError",
    "Finding",
    "Image",
    "Matte",
    "Network",
    "Options",
    "Prediction",
    "RemoveOptions",
    "Remover",
    "Report",
    "Result",
    "remove",
    "remove_each",
    "replay",
    "unload",
]
HEAVY = ("numpy", "PIL", "pydantic", "onnxruntime", "onnx", "imagecodecs", "tifffile", "pi_heif", "click", "socket")


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_the_public_names_are_these_and_no_others() -> None:
    assert feathercut.__all__ == NAMES
    assert sorted(feathercut.__all__) == feathercut.__all__


def test_each_name_can_be_had_and_is_remembered() -> None:
    assert set(dir(feathercut)) == {*NAMES, "__version__"}
    for name in NAMES:
        value = getattr(feathercut, name)
        assert value.__name__ == name
        assert getattr(feathercut, name) is value


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module `feathercut` has no attribute `remvoe`"):
        _ = feathercut.remvoe


def test_importing_the_package_loads_nothing_else() -> None:
    loaded = fresh(f"import sys, feathercut; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded == "[]"


def test_the_type_checker_is_told_that_there_are_types() -> None:
    assert (Path(str(feathercut.__file__)).parent / "py.typed").is_file()


def test_the_version_is_the_packages() -> None:
    assert fresh("import importlib.metadata as m, feathercut; print(m.version('feathercut') == feathercut.__version__)")


def callables() -> Iterator[tuple[str, Any]]:
    """Every public function, and every public method of every public class, by its full name."""
    for name in NAMES:
        value = getattr(feathercut, name)
        if inspect.isfunction(value):
            yield name, value
        for word, member in list(vars(value).items()) if inspect.isclass(value) else ():
            plain = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
            if inspect.isfunction(plain) and not word.startswith("_"):
                yield f"{name}.{word}", plain


PUBLIC = dict(callables())


def test_all_methods_are_looked_at() -> None:
    assert {"remove", "unload", "Remover.remove", "Remover.batch", "Remover.close", "Result.save"} <= set(PUBLIC)
    assert {"Result.rgb", "Result.to_pil", "Image.size", "Remover.open"} <= set(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_is_typed_and_says_what_it_gives(name: str) -> None:
    function = PUBLIC[name]
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in list(signature.parameters.values())[1 if "." in name else 0 :]:
        assert parameter.annotation is not inspect.Parameter.empty, parameter.name
    assert len(inspect.getdoc(function) or "") > 10, "no docstring"


@pytest.mark.parametrize("name", [name for name in NAMES if name[0].isupper()])
def test_every_public_class_has_a_docstring_of_its_own(name: str) -> None:
    assert vars(getattr(feathercut, name))["__doc__"].strip()


def test_remove_takes_every_option_by_name() -> None:
    parameters = inspect.signature(feathercut.remove).parameters
    assert next(iter(parameters)) == "source"
    assert set(list(parameters)[1:]) == set(feathercut.RemoveOptions.model_fields)
    assert set(inspect.signature(feathercut.Remover).parameters) == set(feathercut.Network.model_fields)
