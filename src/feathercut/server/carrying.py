"""An order's way through a request, in every contract: its rate, its turn, its price, its place in the log."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from feathercut.server.callers import caller_of
from feathercut.server.context import Context, Key
from feathercut.server.orders import Answer, Order
from feathercut.steps.decode import measure


async def megapixels_of(order: Order) -> float:
    """Megapixels of an order's picture, by its header. Raises InputError in its kinds."""
    return (await run_in_threadpool(measure, order.picture, order.options)).pixels / 1e6


async def carry_out(
    context: Context,
    asked: Request,
    key: Key,
    order: Order,
    megapixels: float,
    price: float,
    *,
    of_nothing: bool = True,
) -> tuple[Answer, dict[str, str]]:
    """The answer, and the headers of the key's rate limit.

    `price` is in credits, and taken once there is an answer; where no subject was found only if `of_nothing`. Raises
    RateLimitedError, QuotaError, and what inference raises.
    """
    limits = dict(await context.gate.reserve(key, megapixels))
    answer = await context.inference.cut(order, caller_of(asked, key, context.settings))
    if answer.found or of_nothing:
        await context.gate.charge(key, price, megapixels)
    asked.state.noted = {"model": answer.model, "megapixels": round(megapixels, 2), "key": key.name}
    return answer, limits
