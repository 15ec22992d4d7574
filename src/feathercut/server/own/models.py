"""`GET /v1/models`: the networks that may be asked for."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feathercut.models.catalogue import find
from feathercut.server.context import Context
from feathercut.settings import Settings


class Model(BaseModel):
    """A network that may be asked for."""

    id: str = Field(description="What `model` takes.")
    title: str
    licence: str = Field(description="Licence of the weights.")
    commercial: bool = Field(description="Whether the weights' publisher allows commercial use.")
    default: bool = Field(description="Whether it looks where no other is asked for.")


class Models(BaseModel):
    """The networks of this server."""

    models: list[Model]


def routes(context: Context) -> APIRouter:
    """The route."""
    router = APIRouter(tags=["models"])
    named = context.settings.models

    @router.get("/v1/models", summary="The networks of this server", operation_id="models", response_model=Models)
    def models() -> Models:
        found = [find(one, Settings.read().models) for one in named]
        return Models(
            models=[
                Model(
                    id=one.id,
                    title=one.title,
                    licence=one.licence.weights,
                    commercial=one.licence.commercial,
                    default=one.id == named[0],
                )
                for one in found
            ]
        )

    return router
