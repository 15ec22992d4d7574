"""What remove.bg's contract says where there is no picture: codes, titles, statuses."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.responses import Response

from feathercut.errors import (
    DamagedPictureError,
    EmptyRegionError,
    FeathercutError,
    InputError,
    NotAPictureError,
    OptionError,
    RegionError,
    TooLargeError,
)
from feathercut.server.errors import KeyRefusedError, QuotaError, RateLimitedError, RemoteError
from feathercut.server.orders import ServerError
from feathercut.server.statuses import headers_of, status_of

MEDIA_TYPE = "application/json; charset=utf-8"

# Titles that are not the name of a parameter with "Invalid value for" before it.
_TITLES = {
    "missing_source": "No image given",
    "multiple_sources": "Multiple image sources given",
    "multiple_bg_sources": "Multiple background sources given",
    "failed_to_read_image": "Failed to read image",
    "file_too_large": "File too large",
    "invalid_file_type": "Invalid file type",
    "resolution_too_high": "Image resolution too high",
    "roi_exceeds_bounds": "Region of interest exceeds the bounds of the image",
    "roi_region_empty": "Region of interest is empty",
    "unknown_foreground": "Could not identify foreground in image",
    "invalid_dimensions": "Invalid dimensions",
    "insufficient_credits": "Insufficient credits",
    "rate_limit_exceeded": "Rate limit exceeded",
    "auth_failed": "API Key invalid",
}


class Refusal(FeathercutError):  # noqa: N818 - the contract's word for its errors is a code
    """A request that is answered with an error of the contract; `detail` says what to do."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        title: str | None = None,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.code, self.detail, self.status = code, detail, status
        self.title = title or _TITLES.get(code) or f"Invalid value for parameter '{code.removeprefix('invalid_')}'"
        self.headers = dict(headers or {})
        super().__init__(f"{self.title}: {detail}" if detail else self.title)


def refusal_of(error: FeathercutError, parameter: str = "image_file") -> Refusal:
    """The refusal that stands for any error of ours; `parameter` is the one that brought the picture."""
    match error:
        case Refusal():
            return error
        case KeyRefusedError():
            return Refusal("auth_failed", status=403)
        case QuotaError():
            return Refusal("insufficient_credits", status=402)
        case RateLimitedError():
            return Refusal("rate_limit_exceeded", status=429, headers=headers_of(error))
        case RemoteError():
            return _of_remote(error, parameter)
        case EmptyRegionError():
            return Refusal("roi_region_empty", _without_option(error))
        case RegionError():
            return Refusal("roi_exceeds_bounds", _without_option(error))
        case OptionError():
            return Refusal("invalid_dimensions", _without_option(error))
        case NotAPictureError():
            return Refusal("invalid_file_type", str(error))
        case DamagedPictureError():
            return Refusal("failed_to_read_image", str(error))
        case TooLargeError():
            return Refusal("resolution_too_high", str(error))
        case InputError():
            return Refusal("failed_to_read_image", str(error))
    return _of_ours(error)


def _of_remote(error: RemoteError, parameter: str) -> Refusal:
    what = "background" if parameter.startswith("bg_") else "image"
    if error.kind in ("scheme", "invalid", "no-host"):
        return Refusal(f"invalid_{parameter}", str(error))
    said = f"HTTP Status {error.status}" if error.kind == "status" else str(error)
    code = "failed_bg_download" if what == "background" else "failed_image_download"
    return Refusal(code, title=f"Failed to download image from given {parameter}: {said}")


def _of_ours(error: FeathercutError) -> Refusal:
    """What no word of the contract stands for; of a fault of ours nothing is told."""
    status, code = status_of(error)
    title = str(error) if status < 500 or isinstance(error, ServerError) else "The server cannot do this now"
    return Refusal(code, title=title, status=status, headers=headers_of(error))


def _without_option(error: FeathercutError) -> str:
    """The sentence without our option's name, which is not the contract's."""
    text = str(error)
    return text.partition(": ")[2] or text if text.startswith("Option ") else text


def answer(refusal: Refusal) -> Response:
    """The refusal as the contract writes it."""
    said = {"title": refusal.title, "code": refusal.code}
    if refusal.detail:
        said["detail"] = refusal.detail
    body = json.dumps({"errors": [said]}, ensure_ascii=False, separators=(",", ":"))
    return Response(body, refusal.status, refusal.headers, MEDIA_TYPE)
