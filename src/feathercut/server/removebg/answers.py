"""A finished picture as the contract answers: bytes or JSON, and the headers that tell of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from starlette.responses import Response

from feathercut.pictures import Size
from feathercut.server.accept import wants_json
from feathercut.server.orders import Answer
from feathercut.server.removebg.kinds import told_kind
from feathercut.server.removebg.parameters import Request
from feathercut.server.removebg.sizes import FULL_PIXELS
from feathercut.steps.reduce import reduced_size


def respond(
    answer: Answer, request: Request, most_pixels: int, credits_charged: float, limits: Mapping[str, str], accept: str
) -> Response:
    """The answer to a request that was carried out; `limits` are the headers of the rate limit."""
    top, left, height, width = _foreground(answer, request)
    most_height, most_width = _most_size(answer, most_pixels)
    kind = told_kind(request.kind, request.kind_level)
    headers = {
        **limits,
        "X-Width": str(answer.size[1]),
        "X-Height": str(answer.size[0]),
        "X-Max-Width": str(most_width),
        "X-Max-Height": str(most_height),
        **({"X-Type": kind} if kind else {}),
        "X-Credits-Charged": f"{credits_charged:g}",
        "X-Credits-Calculated": f"{credits_charged:g}",
        "X-Foreground-Top": str(top),
        "X-Foreground-Left": str(left),
        "X-Foreground-Width": str(width),
        "X-Foreground-Height": str(height),
        **({"X-Unheeded": ", ".join(request.unheeded)} if request.unheeded else {}),
    }
    if not wants_json(accept):
        return Response(answer.body, 200, headers, answer.media_type)
    data = {
        "result_b64": base64.b64encode(answer.body).decode("ascii"),
        "foreground_top": top,
        "foreground_left": left,
        "foreground_width": width,
        "foreground_height": height,
    }
    return Response(json.dumps({"data": data}, separators=(",", ":")), 200, headers, "application/json")


def _foreground(answer: Answer, request: Request) -> tuple[int, int, int, int]:
    """The subject's box in the result; of inputs over 25 megapixels, in the input, as the contract has it."""
    height, width = answer.photo_size
    is_laid_out = request.options.crop or request.options.scale or request.options.position
    if height * width <= FULL_PIXELS or is_laid_out:
        return answer.foreground
    top, left, box_height, box_width = answer.foreground
    y, x = height / answer.size[0], width / answer.size[1]
    return round(top * y), round(left * x), round(box_height * y), round(box_width * x)


def _most_size(answer: Answer, most_pixels: int) -> Size:
    """How large the result would be at the size `full`."""
    full, seen = reduced_size(answer.photo_size, FULL_PIXELS), reduced_size(answer.photo_size, most_pixels)
    return max(1, round(answer.size[0] * full[0] / seen[0])), max(1, round(answer.size[1] * full[1] / seen[1]))
