"""Settings from flags, the environment and defaults."""

from __future__ import annotations

import pytest

from feathercut.errors import OptionError
from feathercut.server.configure import configure


def test_a_flag_goes_before_the_environment_and_that_before_the_default() -> None:
    environ = {"FEATHERCUT_SERVER_PORT": "81", "FEATHERCUT_SERVER_HOST": "::1", "FEATHERCUT_CACHE": "elsewhere"}
    found = configure(environ, {"port": "82"})
    assert (found.settings.port, found.settings.host, found.settings.workers) == (82, "::1", 1)
    assert (found.origins["port"], found.origins["host"], found.origins["workers"]) == (
        "flag",
        "environment",
        "default",
    )


def test_lists_are_written_with_commas() -> None:
    found = configure({"FEATHERCUT_SERVER_MODELS": "u2netp, isnet-general,"}, {"origins": "https://a.example"})
    assert found.settings.models == ("u2netp", "isnet-general")
    assert found.settings.origins == ("https://a.example",)


@pytest.mark.parametrize(
    ("environ", "flags", "says"),
    [
        ({"FEATHERCUT_SERVER_PORT": "many"}, {}, "`FEATHERCUT_SERVER_PORT` takes a whole number"),
        ({}, {"trusted_proxies": "10.0.0.0/8,nginx"}, "`--trusted-proxies`: 'nginx' does not appear to be"),
        ({}, {"port": "70000"}, "`--port` takes 65535 or less"),
        ({"FEATHERCUT_SERVER_QUEUE_MEGAPIXELS": "0"}, {}, "`FEATHERCUT_SERVER_QUEUE_MEGAPIXELS` takes more than 0"),
    ],
)
def test_a_wrong_value_is_told_by_the_name_that_was_written(
    environ: dict[str, str], flags: dict[str, object], says: str
) -> None:
    with pytest.raises(OptionError, match=says):
        configure(environ, flags)
