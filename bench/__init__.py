"""Feathercut beside rembg on this machine: `python -m bench`, from the root of the repository.

What is measured runs as a process of its own, and this one stays small: on Linux a new process
starts with its parent's peak of memory.
"""
