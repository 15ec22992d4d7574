"""Numerics on plain arrays; each has a slow, obvious reference in the tests."""
