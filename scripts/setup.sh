#!/bin/sh
# Makes .venv with Feathercut and everything that works on it. `sh scripts/setup.sh [PYTHON]`
set -eu

fits() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

python=${1:-}
if [ -n "$python" ]; then
    if ! fits "$python"; then
        echo "\`$python\` is no Python 3.11 or newer with venv and ensurepip. Name another: \`make setup PYTHON=...\`" >&2
        exit 1
    fi
else
    for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
        if fits "$name"; then
            python=$name
            break
        fi
    done
fi
if [ -z "$python" ]; then
    echo "Python 3.11 or newer with venv is needed, and none was found. Install it (on Debian and Ubuntu:" >&2
    echo "\`apt install python3 python3-venv\`), or name it: \`make setup PYTHON=/path/to/python3\`" >&2
    exit 1
fi

if ! fits .venv/bin/python; then
    echo "Making .venv with $("$python" --version)" >&2
    "$python" -m venv --clear .venv
fi
echo "Installing what Feathercut needs into .venv (a minute or two the first time)" >&2
pip() {
    .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"
}
pip install --quiet --upgrade 'pip>=25.1'
pip install --quiet --editable '.[evaluate,server,postgresql,grabcut,telemetry]' --group dev
# As pip does with packages: a command that starts often need not be compiled at each start, whatever
# PYTHONDONTWRITEBYTECODE says.
.venv/bin/python -m compileall -q src/feathercut
pwd >.venv/made-in
