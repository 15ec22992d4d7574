"""rembg's names of networks, and which of our records each of them means."""

from __future__ import annotations

from feathercut.errors import UnknownModelError

_NO_NETWORK = "Feathercut has no record of this network"
_OWN = "run a network of your own by a record in the folder `FEATHERCUT_MODELS`, under a name of its own"
_REMOTE = "it sends photos to a service on the internet, which Feathercut never does"

RECORDS: dict[str, str] = {
    "birefnet-general": "birefnet-general",
    "birefnet-general-lite": "birefnet-lite",
    "birefnet-general-fp16": "birefnet-general",
    "birefnet-portrait": "birefnet-portrait",
    "birefnet-dis": "birefnet-dis",
    "birefnet-hrsod": "birefnet-hrsod",
    "isnet-anime": "isnet-anime",
    "isnet-general-use": "isnet-general",
    "silueta": "silueta",
    "u2net_human_seg": "u2net-human",
    "u2net": "u2net",
    "u2netp": "u2netp",
    "bria-rmbg": "rmbg-2.0",
}
"""Of each name the id of our record."""

NOT_HERE: dict[str, str] = {
    "birefnet-cod": _NO_NETWORK,
    "birefnet-massive": _NO_NETWORK,
    "dis_custom": _OWN,
    "sam": "it needs points or boxes, which Feathercut takes as strokes in the editor",
    "u2net_cloth_seg": "it tells clothes apart instead of a subject from its background",
    "u2net_custom": _OWN,
    "ben_custom": _OWN,
    "withoutbg": _NO_NETWORK,
    "atlascloud": _REMOTE,
}
"""Names that have no record of ours, and why."""

# In rembg's own order, which its `--help`, its pattern and people's menus show.
SESSION_NAMES: tuple[str, ...] = (
    "birefnet-general", "birefnet-general-lite", "birefnet-general-fp16", "birefnet-portrait", "birefnet-dis",
    "birefnet-hrsod", "birefnet-cod", "birefnet-massive", "isnet-anime", "dis_custom", "isnet-general-use", "sam",
    "silueta", "u2net_cloth_seg", "u2net_custom", "u2net_human_seg", "u2net", "u2netp", "bria-rmbg", "ben_custom",
    "withoutbg", "atlascloud",
)  # fmt: skip
DEFAULT = "isnet-general-use"
"""What is used where nobody names a network: rembg's own default, `bria-rmbg`, may not be used commercially."""


def record_of(name: str) -> str:
    """The id of the record that a name means; ids of ours and of the user's own records are taken as they are.

    Raises UnknownModelError where it is one of rembg's that Feathercut does not run.
    """
    if name in NOT_HERE:
        raise UnknownModelError(f"`{name}` is not run by Feathercut: {NOT_HERE[name]}")
    return RECORDS.get(name, name)
