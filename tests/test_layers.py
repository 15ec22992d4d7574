"""The rules that a machine can mind: who imports whom, who prints, who opens sockets, how long things grow."""

from __future__ import annotations

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "src" / "feathercut"
FOLDERS = ("src", "tests", "scripts", "bench")

# A module imports from its own folder and from the lines below its own, never from its own line or above.
LAYERS = (
    ("cli",),
    ("server",),
    ("compat",),
    ("train",),
    ("app", "batch", "doctor", "evaluate", "explain"),
    ("replaying",),
    ("remover",),
    ("applying",),
    ("loading", "result", "sources"),
    ("pipeline",),
    ("diagnose",),
    ("steps",),
    ("engines", "formats", "models"),
    ("kernels",),
    ("recipe",),
    ("arriving", "files", "in_order", "keywords", "options", "pictures", "settings", "shared", "system"),
    ("report", "selection"),
    ("values",),
    ("errors",),
)
RANKS = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Steps are pure: a few of the things below them are none of their business.
NOT_FOR = {
    "steps": {"files", "settings", "shared"},
    "formats": {"settings", "shared", "files"},
    "kernels": {"files", "keywords", "options", "settings", "shared"},
    "engines": {"files", "settings", "shared"},
}

SOCKETS = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "socketserver", "xmlrpc", "requests", "httpx"}
MAY_OPEN_SOCKETS = {
    "models/weights.py",
    "app/serve.py",
    "server/remote.py",
    "server/listen.py",
    "server/service.py",
    "server/client.py",
    "server/keys/postgres.py",
}
MAY_PRINT = {"cli/console.py"}
PRINTS = {"print", "input", "click.echo", "click.secho"}
STREAMS = {"sys.stdin", "sys.stdout", "sys.stderr"}
EXITS = {"sys.exit", "os._exit", "exit", "quit"}
# Costly at start, so imported where they are first used; a file whose whole work is one of them says so here.
COSTLY = {"onnxruntime", "onnx", "PIL", "imagecodecs", "tifffile", "pi_heif", "scipy", "py_sod_metrics", "cv2", "torch"}
IS_ABOUT = {
    f"models/{name}.py": {"onnx"}
    for name in (
        "bands",
        "browser",
        "by_factors",
        "channels_last",
        "doubled",
        "joined",
        "narrow",
        "rewrite",
        "split",
        "folded",
        "quantise",
        "graph_writer",
        "quicker",
        "ranges",
        "shapes",
    )
}
IS_ABOUT |= {f"train/networks/{name}.py": {"onnx", "torch"} for name in ("graph", "published")}
# The one package that stands on PyTorch, without what must work where there is none.
STANDS_ON_TORCH, WITHOUT_TORCH = "train/", ("train/__init__.py", "train/extra.py", "train/options.py", "train/data/")
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc"}
MOST_LINES, MANY_LINES = 300, 250
LONGEST_FUNCTION, LONG_FUNCTION = 60, 50
MACHINE_PATH = re.compile(r"(?<![\w.~/<])/(?:home|Users|work|root|mnt)/\w|\b[A-Z]:\\\\?Users")

MODULES = sorted(PACKAGE.rglob("*.py"))
EVERY_FILE = sorted(path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def layer_of(path: Path) -> str:
    """The line of the map that a module stands on; what is run by `python -m` is a command wherever it lies."""
    parts = path.relative_to(PACKAGE).parts
    return "cli" if parts[-1] == "__main__.py" and len(parts) > 1 else parts[0].removesuffix(".py")


def may_import_torch(path: Path) -> bool:
    return name_of(path).startswith(STANDS_ON_TORCH) and not name_of(path).startswith(WITHOUT_TORCH)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, module) of every import; `from feathercut import values` counts as `feathercut.values`, so does http's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in ("feathercut", "http"):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def imported_at_start(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The imports that run when the module is imported."""
    for node in tree.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from imports(node)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def longer_than(lines: int, function_lines: int) -> Iterator[str]:
    for path in EVERY_FILE:
        where = path.relative_to(REPOSITORY).as_posix()
        if (length := len(path.read_text("utf-8").splitlines())) > lines:
            yield f"{where}: {length} lines"
        for one in functions(tree_of(path)):
            if (length := (one.end_lineno or one.lineno) - one.lineno + 1) > function_lines:
                yield f"{where}, {one.name}: {length} lines"


def test_every_module_has_its_place_in_the_map() -> None:
    unknown = {layer_of(path) for path in MODULES} - RANKS.keys() - {"__init__", "__main__"}
    assert not unknown, f"{sorted(unknown)}: give it a line in LAYERS, and a word in CONTRIBUTING.md's map"
    missing = RANKS.keys() - {layer_of(path) for path in MODULES}
    assert not missing, f"{sorted(missing)} is in LAYERS, and there is no such module"


def test_importing_the_package_does_nothing() -> None:
    at_start = [name for _, name in imported_at_start(tree_of(PACKAGE / "__init__.py"))]
    assert not [name for name in at_start if name.startswith("feathercut")], "load names when they are first used"


def test_imports_go_one_way() -> None:
    wrong = []
    for path in MODULES:
        own = layer_of(path)
        if own in ("__init__", "__main__"):
            continue
        for line, module in imports(tree_of(path)):
            parts = module.split(".")
            if parts[0] != "feathercut" or len(parts) == 1 or parts[1] in (own, "__version__"):
                continue
            if RANKS.get(parts[1], -1) <= RANKS[own] or parts[1] in NOT_FOR.get(own, ()):
                wrong.append(f"{name_of(path)}, line {line}: `{own}` imports `{parts[1]}`")
    way = " → ".join(" ".join(names) for names in LAYERS)
    assert not wrong, "\n".join(
        [*wrong, f"Imports go one way: {way}", "Move what both need to the lower one, or hand it over as an argument"]
    )


def test_only_weights_opens_sockets() -> None:
    found = [
        f"{name_of(path)}, line {line}: {name}"
        for path in MODULES
        if name_of(path) not in MAY_OPEN_SOCKETS
        for line, name in imports(tree_of(path))
        if name.split(".")[0] in SOCKETS and name not in ("urllib.parse", "http.HTTPStatus")
    ]
    assert not found, f"{found}: nothing goes out from anywhere but {sorted(MAY_OPEN_SOCKETS)}"


def test_only_console_writes_to_the_terminal() -> None:
    found = []
    for path in MODULES:
        if name_of(path) in MAY_PRINT:
            continue
        for node in ast.walk(tree_of(path)):
            calls = isinstance(node, ast.Call) and ast.unparse(node.func) in PRINTS
            if isinstance(node, ast.expr) and (calls or ast.unparse(node) in STREAMS):
                found.append(f"{name_of(path)}, line {node.lineno}: {ast.unparse(node)}")
    assert not found, "\n".join([*found, "`cli/console.py` is the only file that does"])


def test_what_is_costly_is_imported_when_it_is_used() -> None:
    found = [
        f"{name_of(path)}, line {line}: {name}"
        for path in MODULES
        for line, name in imported_at_start(tree_of(path))
        if name.split(".")[0]
        in COSTLY - IS_ABOUT.get(name_of(path), {"torch", "onnx"} if may_import_torch(path) else set())
    ]
    assert not found, "\n".join([*found, "Move it into the function that needs it: start-up has a budget"])


def test_only_training_imports_torch() -> None:
    """At any time, not only at the start: the library does without, and so does the command until it trains."""
    found = [
        f"{name_of(path)}, line {line}: {name}"
        for path in MODULES
        if not may_import_torch(path)
        for line, name in imports(tree_of(path))
        if name.split(".")[0] == "torch"
    ]
    assert not found, "\n".join([*found, f"Only `{STANDS_ON_TORCH}` does, and there not {WITHOUT_TORCH}"])


def test_input_is_never_checked_by_assert() -> None:
    """An `assert` may tell the type checker what we know; it says why in a comment beside it."""
    bare = []
    for path in MODULES:
        with path.open("rb") as file:
            commented = {one.start[0] for one in tokenize.tokenize(file.readline) if one.type == tokenize.COMMENT}
        asserts = [node.lineno for node in ast.walk(tree_of(path)) if isinstance(node, ast.Assert)]
        bare += [f"{name_of(path)}, line {line}" for line in asserts if not commented & {line, line - 1}]
    assert not bare, "\n".join(
        [*bare, "Raise one of our errors for input (`python -O` drops asserts), or say in a comment why it is true"]
    )


def test_no_error_is_swallowed_and_only_the_command_exits() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception"):
                if all(isinstance(one, ast.Pass) for one in node.body):
                    found.append(f"{name_of(path)}, line {node.lineno}: an error is swallowed")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in EXITS and layer_of(path) != "cli":
                found.append(f"{name_of(path)}, line {node.lineno}: {ast.unparse(node.func)}")
    assert not found, "\n".join(found)


def test_no_module_is_called_utils() -> None:
    nameless = [path for path in EVERY_FILE if NAMELESS & {path.stem, path.parent.name}]
    assert not nameless, f"{nameless}: name the thing it does, or keep it beside its one caller"


def test_files_and_functions_stay_short() -> None:
    long_ones = list(longer_than(MOST_LINES, LONGEST_FUNCTION))
    assert not long_ones, "\n".join(
        [
            *long_ones,
            f"{MOST_LINES} lines a file and {LONGEST_FUNCTION} a function are the most; which noun hides in it?",
        ]
    )


def test_what_is_long_is_named() -> None:
    """Never fails; `pytest -rP -k long` shows what needs a reason in review."""
    sys.stdout.write("\n".join(longer_than(MANY_LINES, LONG_FUNCTION)))


def test_no_path_of_a_machine_is_written_down() -> None:
    kinds = ("*.py", "*.md", "*.json", "*.toml", "*.sh")
    written = [
        path
        for folder in (*FOLDERS, "docs", "examples")
        for kind in kinds
        for path in (REPOSITORY / folder).rglob(kind)
    ]
    written += [path for path in REPOSITORY.glob("*.*") if path.suffix in (".md", ".toml")] + [REPOSITORY / "Makefile"]
    found = [
        f"{path.relative_to(REPOSITORY)}, line {number}: {line.strip()[:80]}"
        for path in written
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert not found, "\n".join(found)
