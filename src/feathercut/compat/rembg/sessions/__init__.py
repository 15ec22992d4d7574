"""Every session by rembg's name for it; also as `rembg.sessions.u2net.U2netSession` and the like."""

from __future__ import annotations

import sys
from types import ModuleType

from feathercut.compat.rembg.names import NOT_HERE, SESSION_NAMES
from feathercut.compat.rembg.sessions.base import BaseSession

# Module and class of each, as rembg has them.
_HOMES = {
    "birefnet-general": ("birefnet_general", "BiRefNetSessionGeneral"),
    "birefnet-general-lite": ("birefnet_general_lite", "BiRefNetSessionGeneralLite"),
    "birefnet-general-fp16": ("birefnet_general_fp16", "BiRefNetSessionGeneralFP16"),
    "birefnet-portrait": ("birefnet_portrait", "BiRefNetSessionPortrait"),
    "birefnet-dis": ("birefnet_dis", "BiRefNetSessionDIS"),
    "birefnet-hrsod": ("birefnet_hrsod", "BiRefNetSessionHRSOD"),
    "birefnet-cod": ("birefnet_cod", "BiRefNetSessionCOD"),
    "birefnet-massive": ("birefnet_massive", "BiRefNetSessionMassive"),
    "isnet-anime": ("dis_anime", "DisSession"),
    "dis_custom": ("dis_custom", "DisCustomSession"),
    "isnet-general-use": ("dis_general_use", "DisSession"),
    "sam": ("sam", "SamSession"),
    "silueta": ("silueta", "SiluetaSession"),
    "u2net_cloth_seg": ("u2net_cloth_seg", "Unet2ClothSession"),
    "u2net_custom": ("u2net_custom", "U2netCustomSession"),
    "u2net_human_seg": ("u2net_human_seg", "U2netHumanSegSession"),
    "u2net": ("u2net", "U2netSession"),
    "u2netp": ("u2netp", "U2netpSession"),
    "bria-rmbg": ("bria_rmbg", "BriaRmBgSession"),
    "ben_custom": ("ben_custom", "BenCustomSession"),
    "withoutbg": ("withoutbg", "WithoutBgSession"),
    "atlascloud": ("atlascloud", "AtlasCloudSession"),
}


def _made(name: str) -> type[BaseSession]:
    """The class of a session, in a module of its own as people import it."""
    module_name, class_name = _HOMES[name]
    module = ModuleType(f"{__name__}.{module_name}", f"rembg's session of `{name}`.")
    made = type(class_name, (BaseSession,), {"session_name": name, "__module__": module.__name__})
    setattr(module, class_name, made)
    sys.modules[module.__name__] = module
    globals()[module_name] = module
    return made


sessions: dict[str, type[BaseSession]] = {name: _made(name) for name in SESSION_NAMES}
sessions_class = list(sessions.values())
sessions_names = list(sessions)
sessions_names_no_credentials = list(sessions)
sessions_names_downloadable = [name for name in sessions if name not in NOT_HERE]
