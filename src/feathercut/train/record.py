"""The record of a network of one's own: what Feathercut, the server and the page know it by."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from feathercut.errors import OptionError, WeightsError
from feathercut.models.catalogue import find, is_own
from feathercut.models.spec import Input, Licence, Output, Provenance, Record, WeightsFile
from feathercut.settings import Settings
from feathercut.train.networks.build import ARCHITECTURES, NETWORKS, build
from feathercut.train.networks.published import load_published

_LIKE = {"u2netp": "u2netp", "u2net": "u2net", "isnet": "isnet-general"}
"""The published network whose rules one that is trained from nothing follows."""
_IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
_NOT_KNOWN = "Whatever the terms of your photos say."


def template(network: str) -> Record:
    """The rules by which a network that begins from nothing is shown photos, before it has a name of its own."""
    if network in _LIKE:
        return find(_LIKE[network])
    return Record(
        version=1,
        id=network,
        title=f"{network}, trained from nothing",
        task="subject",
        verified=False,
        licence=_own_licence(),
        input=Input.model_validate({"name": "input", "size": (320, 320), "scale": "255", **_IMAGENET}),
        output=Output(name="output"),
    )


def network_of(record: Record, weights: Path) -> str:
    """The name for `build` of the network that weights are of. Raises WeightsError where it is none of ours."""
    if record.id in ARCHITECTURES:
        return ARCHITECTURES[record.id]
    for name in NETWORKS:
        try:
            load_published(build(name), weights)
        except WeightsError:
            continue
        return name
    raise WeightsError(
        f"`{record.id}` cannot be tuned: it is none of the networks that are built here, {', '.join(NETWORKS)}. "
        "Choose another with `--from`"
    )


def check_name(name: str, settings: Settings, *, overwrites: bool) -> None:
    """Raises OptionError where a network cannot be called so: better now than after hours."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name):
        raise OptionError(f"`--out` takes small letters, digits, `.`, `_` and `-`, not: {name}")
    if not is_own(template("unet-small").model_copy(update={"id": name})):
        raise OptionError(f"`--out {name}`: a network of that name comes with Feathercut; choose another")
    there = settings.models is not None and (settings.models / f"{name}.json").is_file()
    if there and not overwrites:
        raise OptionError(
            f"`--out {name}`: there is one of that name in {settings.models}; choose another, or `--overwrite`"
        )


def own_record(name: str, like: Record, size: int, weights: Path, photos: int, *, is_tuned: bool) -> Record:
    """The record of weights that were just written; `photos` were learned from."""
    data = weights.read_bytes()
    file = WeightsFile(precision="fp32", bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), sources=())
    is_same_size = like.input.size == (size, size)
    made = (
        f"`{like.id}` tuned to {photos} photos of your own" if is_tuned else f"trained on {photos} photos of your own"
    )
    return like.model_copy(
        update={
            "id": name,
            "title": f"{name}: {made}",
            "verified": False,
            "licence": like.licence if is_tuned else _own_licence(),
            "provenance": _provenance(like, made, is_tuned=is_tuned),
            "input": like.input.model_copy(
                update={"size": (size, size), "sizes": like.input.sizes if is_same_size else ()}
            ),
            "second": None,
            "int8": {},
            "files": (file,),
        }
    )


def _own_licence() -> Licence:
    return Licence(weights="your own", commercial=True, source="trained on this machine by `feathercut train`")


def _provenance(like: Record, made: str, *, is_tuned: bool) -> Provenance | None:
    if not is_tuned or like.provenance is None:
        return None
    before = like.provenance
    return before.model_copy(
        update={
            "checkpoint": f"Made on this machine by `feathercut finetune`: {made}.",
            "exported_by": "`feathercut finetune`, on this machine.",
            "trained_on": f"{before.trained_on} Then photos of your own.",
            "training_terms": f"{before.training_terms} {_NOT_KNOWN}",
        }
    )
