"""rembg, as its README uses it, with its own code around a stub network."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import rembg  # type: ignore[import-not-found]  # its own environment has it
from PIL import Image
from rembg import matting
from rembg.sessions.dis_general_use import DisSession  # type: ignore[import-not-found]
from rembg.sessions.u2netp import U2netpSession  # type: ignore[import-not-found]

from incumbent.tiny_network import tiny_network
from incumbent.tools.base import (
    DEFAULTS,
    Answer,
    FolderRun,
    Photo,
    Request,
    UnsupportedError,
    count_networks,
    run_command,
)

_SESSIONS = {"isnet-general": DisSession, "u2netp": U2netpSession}
_DEFAULT = "bria-rmbg"


class _StubNetwork:
    """What rembg's sessions ask of onnxruntime's."""

    def __init__(self, answer: Answer, name: str = "input") -> None:
        self._answer = answer
        self.name = name

    def get_inputs(self) -> list[_StubNetwork]:
        return [self]

    def run(self, _names: None, inputs: dict[str, Any]) -> list[Any]:
        return [self._answer(inputs[self.name])[None, None]]


class Rembg:
    """rembg 2.0.86."""

    module = "rembg"

    def cut_out(self, photo: Photo, answer: Answer, request: Request = DEFAULTS) -> bytes:
        if request.depth != 8:
            raise UnsupportedError("rembg writes 8 bits a channel only")
        if request.trimap is not None:
            raise UnsupportedError("rembg makes its trimaps itself and takes none")
        kind = _SESSIONS[request.network]
        session = kind.__new__(kind)  # its constructor wants a file of weights
        session.inner_session = _StubNetwork(answer)
        options: dict[str, Any] = {
            "session": session,
            "decontaminate": request.cleans_edges,
            "alpha_matting": bool(request.refined),
            "post_process_mask": request.cleaned,
        }
        if request.refiner is not None:
            matting._sessions[matting.DEFAULT_VARIANT] = _StubNetwork(request.refiner, "pixel_values")
            options["vitmatte"] = True
        if request.background == "white":
            options["bgcolor"] = (255, 255, 255, 255)
        # There is no word for the order of channels: its README hands OpenCV's arrays over as they are.
        result = rembg.remove(photo, **options)
        if isinstance(result, bytes):
            return result
        array = np.asarray(result)
        if request.order == "bgr":
            array = array[..., [2, 1, 0, 3]]
        stream = io.BytesIO()
        Image.fromarray(array).save(stream, "PNG")
        return stream.getvalue()

    def cut_out_folder(self, inputs: Path, outputs: Path, home: Path) -> FolderRun:
        (home / "u2netp.onnx").write_bytes(tiny_network())
        code = "from rembg.cli import main; main()"
        return run_command(["-c", code, "p", "-m", "u2netp", "-d", str(inputs), str(outputs)], _settings(home))

    def networks_loaded(self, photo: bytes, calls: int, home: Path) -> int:
        (home / f"{_DEFAULT}.onnx").write_bytes(tiny_network())
        return count_networks("import rembg; rembg.remove(photo)", photo, calls, home, _settings(home))


def _settings(home: Path) -> dict[str, str]:
    """Weights that lie in this folder are taken as they are."""
    return {"U2NET_HOME": str(home), "MODEL_CHECKSUM_DISABLED": "1"}


TOOL = Rembg()
