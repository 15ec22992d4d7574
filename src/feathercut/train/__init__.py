"""Networks of one's own: their building, their data, their training. The only package that imports PyTorch.

Importing this file does not: the command line's `--help` and `feathercut.train.data` work without it.
"""
