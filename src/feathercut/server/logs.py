"""The server's log: a line of JSON each, on stderr; never a picture's content, a name of a file, or a key."""

from __future__ import annotations

import json
import logging
import time
from typing import Literal

LOG = logging.getLogger("feathercut.server")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"
        said = {"time": stamp, "level": record.levelname.lower(), "event": record.getMessage()}
        said |= getattr(record, "fields", {})
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True, default=str)


def configure_logs(kind: Literal["json", "off"]) -> None:
    """Sends this process's log to stderr; with `off` only what is wrong."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Lines())
    for name in ("feathercut.server", "uvicorn.error", "opentelemetry"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.propagate = False
        logger.setLevel(logging.INFO if kind == "json" and name == "feathercut.server" else logging.ERROR)


def note(event: str, **fields: object) -> None:
    """Writes down what happened."""
    LOG.info(event, extra={"fields": fields})


def note_fault(event: str, error: BaseException, **fields: object) -> None:
    """Writes down a fault of ours, with its trace."""
    LOG.error(event, extra={"fields": fields}, exc_info=error)
