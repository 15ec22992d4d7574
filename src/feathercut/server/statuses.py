"""What an error means to a caller: one table from classes to HTTP statuses and our own words."""

from __future__ import annotations

from collections.abc import Mapping

from feathercut import errors
from feathercut.errors import FeathercutError
from feathercut.server import errors as server_errors
from feathercut.server.forms import FormError
from feathercut.server.limits import SlowBodyError
from feathercut.server.orders import BusyError, LateError

# A class stands for the classes below it, too; the first that fits counts.
_STATUSES: dict[type[FeathercutError], tuple[int, str]] = {
    errors.TooLargeError: (413, "too_large"),
    errors.NotAPictureError: (415, "not_a_picture"),
    errors.DamagedPictureError: (422, "damaged_picture"),
    errors.InputError: (422, "unusable_picture"),
    errors.RecipeError: (422, "unusable_recipe"),
    errors.UnknownModelError: (404, "unknown_model"),
    errors.OptionError: (400, "wrong_option"),
    errors.ShapeError: (400, "wrong_option"),
    errors.LicenceError: (403, "licence"),
    server_errors.KeyRefusedError: (403, "key_refused"),
    server_errors.QuotaError: (402, "no_credits_left"),
    server_errors.RateLimitedError: (429, "rate_limited"),
    server_errors.RemoteError: (400, "address"),
    FormError: (400, "form"),
    SlowBodyError: (408, "slow_upload"),
    BusyError: (503, "busy"),
    LateError: (503, "late"),
    errors.ModelError: (503, "model_unavailable"),
    errors.DeviceError: (503, "model_unavailable"),
    server_errors.KeyStoreError: (503, "keys_unavailable"),
    server_errors.UnknownJobError: (404, "unknown_job"),
    server_errors.UnfinishedError: (409, "unfinished"),
    server_errors.StorageFullError: (507, "storage_full"),
    server_errors.JobStoreError: (503, "storage"),
    errors.CacheError: (503, "storage"),
    errors.OutputError: (503, "storage"),
}
_RETRY_AFTER_S = 10.0


def status_of(error: FeathercutError) -> tuple[int, str]:
    """The status, and a word that programs can rely on; 500 and `fault` for a fault of ours.

    >>> status_of(errors.DamagedPictureError("cut short"))
    (422, 'damaged_picture')
    """
    return next((known for kind, known in _STATUSES.items() if isinstance(error, kind)), (500, "fault"))


def headers_of(error: FeathercutError) -> dict[str, str]:
    """What is said beside the body: when to come again, and how far a rate limit is used."""
    status, _ = status_of(error)
    said: Mapping[str, str] = getattr(error, "headers", {})
    wait_s = getattr(error, "retry_after_s", _RETRY_AFTER_S if status == 503 else None)
    return {**said, **({} if wait_s is None else {"Retry-After": str(max(1, round(wait_s)))})}
