"""Every option, written once: a field, its default, its sentence.

The field is the keyword in Python, the `--flag` on the command line and the row in the docs. One
class a step; `Options` has them all, so a step takes the whole and sees only its own.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import model_validator

from feathercut.errors import OptionError
from feathercut.options.network import Device, GraphPrecision, Network, Precision
from feathercut.options.section import Section
from feathercut.options.steps import LAYERED, Compose, Decode, Edit, Encode, Foreground, Format, Method, Refine, Select

__all__ = [
    "LAYERED",
    "Compose",
    "Decode",
    "Device",
    "Edit",
    "Encode",
    "Foreground",
    "Format",
    "GraphPrecision",
    "Method",
    "Network",
    "Options",
    "Precision",
    "Refine",
    "RemoveOptions",
    "Section",
    "Select",
    "refuse_enlarging",
]


class Options(Decode, Method, Refine, Select, Edit, Foreground, Compose, Encode):
    """Everything about one photo's way through the steps."""

    elsewhere: ClassVar[dict[str, str]] = dict.fromkeys(
        Network.model_fields, "belongs to `Remover(...)`, which loads the network; give it there"
    )

    @property
    def needs_network(self) -> bool:
        """Whether a network has to look: not where a trimap or another method says what the subject is."""
        return self.method == "network" and self.trimap is None

    def of_what_is_written(self) -> Options:
        """The same; of the matte alone, without what would fill it up and what is done to colours."""
        if not self.only_matte:
            return self
        return self.model_copy(
            update={
                "background": "transparent",
                "shadow": "none",
                "reflection": 0.0,
                "keep_reflection": False,
                "decontaminate": 0.0,
            }
        )


def refuse_enlarging(network: Network, options: Options) -> None:
    """Raises OptionError where the photo is to be enlarged and no network says what the subject is."""
    if network.enlarge_model is not None and not options.needs_network:
        raise OptionError("Option `enlarge_model`: it goes with a network; leave away `trimap` and `method`")


class RemoveOptions(Network, Options):
    """Everything that `remove` takes: the network and the way through the steps."""

    @model_validator(mode="after")
    def _enlarges_for_a_network(self) -> RemoveOptions:
        refuse_enlarging(self, self)
        return self
