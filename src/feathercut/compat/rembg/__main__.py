"""`python -m feathercut.compat.rembg install|uninstall`."""

from __future__ import annotations

import sys

from feathercut.cli import rembg_installing

sys.exit(rembg_installing.run(sys.argv[1:]))
