#!/bin/sh
# Makes .venv-train: Feathercut and PyTorch, which .venv does without. `sh scripts/setup_train.sh [TORCH]`
# needs .venv, whose Python it takes.
set -eu

torch=${1:-}
# The build for the processor is a tenth of the one for graphics cards.
processor='torch==2.13.0+cpu'
any='torch>=2.9'

if ! .venv-train/bin/python -c 'import ensurepip' >/dev/null 2>&1; then
    .venv/bin/python -m venv --clear .venv-train
fi
echo "Installing PyTorch and what training needs into .venv-train (a minute or two the first time)" >&2
pip() {
    .venv-train/bin/python -m pip --disable-pip-version-check --no-input "$@"
}
pip install --quiet --upgrade 'pip>=25.1'
if [ -n "$torch" ]; then
    pip install --quiet "$torch"
elif ! pip install --quiet "$processor" 2>/dev/null; then
    echo "pip knows no place with \`$processor\`: it installs the build that its registry has, which on Linux is the large" >&2
    echo "one for graphics cards. PyTorch's site says which index has the small one; set PIP_EXTRA_INDEX_URL to it" >&2
    pip install --quiet "$any"
fi
pip install --quiet --editable '.[evaluate,train]' --group train --group curves
pwd >.venv-train/made-in
