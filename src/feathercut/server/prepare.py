"""What is done once before the server listens: weights fetched, terms checked, the page made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from feathercut.app import page
from feathercut.app.weights import prepare_weights
from feathercut.errors import PageError
from feathercut.loading import check_network, recipe
from feathercut.models.sources import Progress
from feathercut.models.weights import locate
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings


def prepare_networks(settings: ServerSettings, library: Settings, progress: Progress | None = None) -> None:
    """Has the weights of all networks that callers may ask for.

    Raises UnknownModelError, LicenceError, DeviceError or WeightsError.
    """
    for model in settings.models:
        network = settings.network(model)
        for one in recipe(network, library):
            record, _ = check_network(one, library)
            locate(record, library, progress=progress)


def page_files(settings: ServerSettings, library: Settings, progress: Progress | None = None) -> Mapping[str, Path]:
    """The page's files by their path below the address; none where it is off, or was not built."""
    if settings.page == "off":
        return {}
    try:
        files = page.files()
    except PageError:
        return {}
    return {**files, **prepare_weights(library, progress, small=settings.page == "small")}
