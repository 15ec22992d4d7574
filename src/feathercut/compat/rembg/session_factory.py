"""From rembg's name of a network to a session."""

from __future__ import annotations

from typing import Any

from feathercut.compat.rembg.names import DEFAULT
from feathercut.compat.rembg.sessions import sessions_class
from feathercut.compat.rembg.sessions.base import BaseSession


def new_session(model_name: str = DEFAULT, *args: Any, sess_opts: object = None, **kwargs: Any) -> BaseSession:
    """The session of a network, loaded and ready.

    `bria-rmbg` has a restricted licence: where you accept it, say so with `accept_licence="rmbg-2.0"`. Raises
    ValueError where rembg has no such name, UnknownModelError where Feathercut does not run it, and what
    `Remover` raises.
    """
    for session_class in sessions_class:
        if session_class.name() == model_name:
            return session_class(model_name, sess_opts, *args, **kwargs)
    raise ValueError(f"No session class found for model '{model_name}'")
