"""What can be told of a matte without the truth: one file a sign, and the confidence that they come with."""

from feathercut.diagnose.later import diagnose

__all__ = ["diagnose"]
