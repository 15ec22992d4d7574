"""Feathercut removes the background from photos."""

__version__ = "0.1.0"
