"""What would go wrong with every photo is found before the first one is read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feathercut.batch.plan import Job
from feathercut.errors import InputError, OptionError
from feathercut.loading import check_enlarger, check_network, recipe
from feathercut.options import Format, Network, Options, refuse_enlarging
from feathercut.pictures import Animation, Cutout, Image
from feathercut.pipeline import finish
from feathercut.settings import Settings
from feathercut.steps.arrange import check_canvas
from feathercut.steps.decode import read_picture
from feathercut.steps.encode import encode, format_of


def check(jobs: Sequence[Job], network: Network, options: Options) -> None:
    """Raises what the network, the canvas, the background or an output's format would raise for every photo.

    With a trimap no network runs, so that the trimap is looked at in its place. Nothing is fetched and
    no network is loaded. Raises OptionError, UnknownModelError, LicenceError or DeviceError.
    """
    formats = {format_for(job, options) for job in jobs if job.error is None}
    refuse_enlarging(network, options)
    if network.enlarge_model is not None:
        check_enlarger(network, Settings.read())
    if options.needs_network:
        for one in recipe(network, Settings.read()):
            check_network(one, Settings.read())
    elif options.trimap is not None:
        _check_trimap(options.trimap)
    check_canvas(options, options.max_megapixels * 1e6)
    dot = _half_transparent_dot(options)
    for format in sorted(formats):  # noqa: A001
        encode(dot, options, format)


def _check_trimap(path: str) -> None:
    """Raises OptionError where a trimap cannot be read; whether it is of a photo's size is seen with the photo."""
    try:
        read_picture(path, "trimap")
    except InputError as error:
        raise OptionError(f"Option `trimap`: {error}") from error


def format_for(job: Job, options: Options) -> Format:
    """What a job's cutout is written as. Raises OptionError where the output's ending says nothing."""
    return options.format or ("png" if job.target is None else format_of(job.target.name))


def _half_transparent_dot(options: Options) -> Animation:
    """One pixel on the way of every photo: what refuses it refuses them all."""
    photo = Image(np.full((1, 1, 3), 0.5, np.float32))
    cutout = Cutout(photo.rgb, np.full((1, 1), 0.5, np.float32))
    in_place = {"crop": False, "margin": "0", "size": None, "scale": None, "position": None}
    try:
        return Animation((finish(cutout, photo, options.model_copy(update=in_place)),))
    except InputError as error:  # there is no picture to read here but the background
        raise OptionError(f"Option `background`: {error}") from error
