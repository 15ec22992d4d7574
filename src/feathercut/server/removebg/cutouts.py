"""`POST /v1.0/removebg`: from a request to its picture, in the order in which things are refused."""

from __future__ import annotations

import asyncio

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from feathercut.errors import DamagedPictureError, FeathercutError, NotAPictureError, TooLargeError
from feathercut.formats.sniff import sniff
from feathercut.options import Decode
from feathercut.server.callers import secret_of
from feathercut.server.carrying import carry_out
from feathercut.server.context import Context
from feathercut.server.orders import Order
from feathercut.server.removebg.answers import respond
from feathercut.server.removebg.bodies import read_fields
from feathercut.server.removebg.parameters import Request, Source, parse
from feathercut.server.removebg.refusals import Refusal, refusal_of
from feathercut.server.removebg.sizes import affordable, credits_of, most_pixels
from feathercut.server.settings import ServerSettings
from feathercut.steps.decode import measure

READ = ("jpeg", "png", "webp")
"""What the contract takes."""

_NOBODY = (
    "Feathercut found no subject in this photo. Subjects fill a good part of the photo and stand out from it; a region "
    "of interest (`roi`) helps where they are small."
)


async def cut_out(context: Context, asked: HttpRequest) -> Response:
    """The picture. Raises Refusal, and what inference raises."""
    key = await context.gate.admit(secret_of(asked))
    fields, files = await read_fields(asked, context.settings.most_megabytes * 1e6)
    request = await asyncio.to_thread(parse, fields, files)  # base64 of many megabytes takes its time
    tier = affordable(request.size, key.credits_left)
    cost = credits_of(tier)
    if key.credits_left is not None and key.credits_left < cost:
        raise Refusal("insufficient_credits", status=402)
    photo = await picture_of(context, request.source)
    background = None if request.background is None else await picture_of(context, request.background)
    megapixels = (await asyncio.to_thread(_pixels, photo, request.source.parameter, context.settings)) / 1e6
    if request.background is not None and background is not None:
        await asyncio.to_thread(_pixels, background, request.background.parameter, context.settings)
    most = most_pixels(tier, request.file_format)
    order = _order(request, photo, background, most, context.settings)
    answer, limits = await carry_out(context, asked, key, order, megapixels, cost, of_nothing=False)
    if not answer.found:
        raise Refusal("unknown_foreground", _NOBODY)
    return respond(answer, request, most, cost, limits, asked.headers.get("accept", ""))


async def picture_of(context: Context, source: Source, most_megabytes: float | None = None) -> bytes:
    """The bytes of a picture, fetched where only its address was given. Raises Refusal."""
    most = most_megabytes or context.settings.most_megabytes
    data = source.data
    try:
        if data is None:
            data = await context.fetcher.fetch(source.url or "", int(most * 1e6))
        if len(data) > most * 1e6:
            raise TooLargeError(f"The file has {len(data) / 1e6:.1f} MB, and {most:g} MB are the most")
    except TooLargeError as error:
        raise Refusal("file_too_large", f"{source.parameter}: {error}") from error
    except FeathercutError as error:
        raise refusal_of(error, source.parameter) from error
    return data


def _pixels(data: bytes, parameter: str, settings: ServerSettings) -> int:
    """The pixels that a picture has, by its header. Raises Refusal where it is none that the contract takes."""
    try:
        found = sniff(data)
        if found not in READ:
            raise Refusal("invalid_file_type", f"{parameter}: Expected jpg/png/webp, received {found}")
        measured = measure(data, Decode(**settings.limits()))
    except NotAPictureError as error:
        raise Refusal("invalid_file_type", f"{parameter}: Expected jpg/png/webp. {error}") from error
    except DamagedPictureError as error:
        raise Refusal("failed_to_read_image", f"{parameter}: {error}") from error
    except TooLargeError as error:
        raise Refusal("resolution_too_high", f"{parameter}: {_without_advice(error)}") from error
    if measured.frames > 1:
        raise Refusal("invalid_file_type", f"{parameter}: Expected a still, received {measured.frames} frames")
    return measured.pixels


def _without_advice(error: TooLargeError) -> str:
    """The sentence without what only whoever runs the server can do."""
    return str(error).partition(";")[0]


def _order(request: Request, photo: bytes, background: bytes | None, most: int, settings: ServerSettings) -> Order:
    options = request.options.model_copy(update=settings.limits())
    return Order(
        picture=photo,
        network=settings.network(settings.models[0]),
        options=options,
        background_picture=background,
        most_pixels=most,
        gives="layers" if request.file_format == "zip" else "picture",
    )
