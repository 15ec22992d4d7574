"""`remove` in rembg's shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from feathercut.compat.rembg.session_factory import new_session
from feathercut.compat.rembg.sessions import sessions, sessions_names, sessions_names_downloadable
from feathercut.compat.rembg.sessions.base import BaseSession

if TYPE_CHECKING:  # deferred: `import rembg` loads neither numpy nor Pillow
    from feathercut.options import Options
    from feathercut.result import Result

__all__ = ["BaseSession", "download_models", "new_session", "remove", "sessions", "sessions_names"]


def remove(
    data: Any,
    alpha_matting: bool = False,
    alpha_matting_foreground_threshold: int = 240,
    alpha_matting_background_threshold: int = 10,
    alpha_matting_erode_size: int = 10,
    session: Any = None,
    only_mask: bool = False,
    post_process_mask: bool = False,
    decontaminate: Any = False,
    vitmatte: bool = False,
    vitmatte_model: str | None = None,
    bgcolor: Sequence[int] | None = None,
    force_return_bytes: bool = False,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """The photo without its background, as what it was handed over as: PNG bytes, a Pillow image, or an array.

    Takes rembg's parameters by name or by place, in the order of 2.0.86 or the one before it, which had `bgcolor` after
    `post_process_mask`. Edges follow the photo and lose the background's colours whether or not that is asked for;
    `meaning.py` says what each parameter does. Without a session the default network is loaded once and kept.
    Any option of `feathercut.remove` may be given by name; what nobody knows is taken and has no effect.
    Raises ValueError for what is no picture's kind, and FeathercutError.
    """
    from feathercut.compat.rembg.meaning import Asked, options, split
    from feathercut.compat.rembg.pictures import finished, kind_of

    if decontaminate is None or isinstance(decontaminate, Sequence):
        # The older order: what stands in the places of `decontaminate` and `vitmatte` are `bgcolor` and
        # `force_return_bytes`.
        bgcolor = decontaminate if bgcolor is None else bgcolor
        force_return_bytes = force_return_bytes or bool(vitmatte)
    handed = kind_of(data)
    kind = "bytes" if force_return_bytes else handed
    given, rest = split(kwargs)
    wanted = options(Asked(bool(only_mask), bool(post_process_mask), given.putalpha, bgcolor, given.more))
    if session is None:
        session = new_session(*args, **rest)
    return finished(_results(data, session, wanted, rest), kind)


def _results(data: Any, session: Any, wanted: Options, rest: dict[str, Any]) -> list[Result]:
    """The photo cut out by the session's network, or by each mask of a session of the caller's own."""
    if isinstance(session, BaseSession) and type(session).predict is BaseSession.predict and session.session_name:
        return [session.remover.apply(data, wanted)]
    from feathercut.applying import apply_predictor
    from feathercut.compat.rembg.pictures import as_pillow, as_prediction

    picture = as_pillow(data, wanted.order)
    predictions = [as_prediction(mask) for mask in session.predict(picture, **rest)]
    model = str(getattr(session, "model_name", "custom"))
    return [apply_predictor(data, wanted, lambda *_, one=one: (one,), model) for one in predictions]


def download_models(models: Sequence[str] = ()) -> None:
    """Fetches the weights of networks by rembg's names, all that Feathercut runs where none is named."""
    for name in models or sessions_names_downloadable:
        if name not in sessions:
            raise ValueError(f"No session class found for model '{name}'")
        sessions[name].download_models()
