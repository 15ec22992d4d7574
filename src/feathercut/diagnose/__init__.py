"""What can be told of a matte without the truth: one file a sign, and the confidence that they come with."""

from feathercut.diagnose.diagnose import diagnose

__all__ = ["diagnose"]
