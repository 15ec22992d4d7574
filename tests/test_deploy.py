"""What deploy/ says is true of the server: settings, ports, paths, extras, times; and its lints see what is wrong."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from feathercut.cli.main import feathercut
from feathercut.server.configure import configure, variable
from feathercut.server.limits import most_bytes
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

REPOSITORY = Path(__file__).parents[1]
DEPLOY = REPOSITORY / "deploy"
PAGE = REPOSITORY / "docs" / "deploy.md"
FILES = [*sorted(DEPLOY.iterdir()), PAGE]
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8")
SERVICE = (DEPLOY / "feathercut.service").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
KUBERNETES: dict[str, dict[str, Any]] = {
    one["kind"]: one for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8"))
}
NGINX = (DEPLOY / "nginx.conf").read_text("utf-8")
POD = KUBERNETES["Deployment"]["spec"]["template"]["spec"]
SERVER = POD["containers"][0]
LAST_S = 10
"""What the server itself takes beyond `stop_s`, at most: last words and last spans."""


def of_container() -> dict[str, str]:
    """The environment that the image has."""
    block = re.findall(r"^ENV ((?:.*\\\n)*.*)$", CONTAINER, re.MULTILINE)[-1]
    found = dict(word.split("=", 1) for word in shlex.split(block.replace("\\\n", " ")))
    return {name: value.replace("${DEVICE}", "cpu") for name, value in found.items()}


def of_service() -> dict[str, str]:
    pairs = re.findall(r"^Environment=(\w+)=(.*)$", SERVICE, re.MULTILINE)
    return {name: value.replace("%S", "/var/lib").replace("%C", "/var/cache") for name, value in pairs}


def of_compose() -> dict[str, str]:
    given: dict[str, str] = COMPOSE["services"]["server"]["environment"]
    return {**of_container(), **given}


def of_kubernetes() -> dict[str, str]:
    url = "postgresql://feathercut:secret@host:5432/feathercut"
    return {**of_container(), **{one["name"]: one.get("value", url) for one in SERVER["env"]}}


WAYS = {"container": of_container, "service": of_service, "compose": of_compose, "kubernetes": of_kubernetes}


def settings_of(environ: Mapping[str, str]) -> ServerSettings:
    return configure(environ, {}).settings


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_variable_is_a_setting(path: Path) -> None:
    known = {variable(name) for name in ServerSettings.model_fields}
    known |= {name.strip() for one in fields(Settings) for name in one.metadata["variable"].split(",")}
    named = set(re.findall(r"\bFEATHERCUT_[A-Z_]+\b", path.read_text("utf-8")))
    assert named <= known, f"{path.name} names {sorted(named - known)}"


@pytest.mark.parametrize("way", WAYS)
def test_the_settings_of_every_way_are_taken(way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environ = WAYS[way]()
    settings = settings_of(environ)
    assert settings.host == ("127.0.0.1" if way == "service" else "0.0.0.0")
    assert settings.port == 7000
    assert set(settings.models) == {"isnet-general", "u2netp"}
    assert settings.database is not None
    kept = settings.database.startswith(("postgresql://", "/var/lib/feathercut/"))
    assert kept and environ["FEATHERCUT_CACHE"] == "/var/cache/feathercut"


def commands(path: Path) -> Iterator[list[str]]:
    """The lines of a file that call `feathercut` with a sub-command."""
    words = re.findall(
        r"(?:^|[\s/`])feathercut ((?:serve|keys|models|doctor)\b[^`\n|#\"$()]*)", path.read_text("utf-8")
    )
    return (shlex.split(one.rstrip(" \\;&)'"), posix=True) for one in words if one.count("'") % 2 == 0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_command_and_flag_is_there(path: Path) -> None:
    for words in commands(path):
        command: click.Command = feathercut
        context = click.Context(command)  # never asked for its own flags: click would remember them
        for word in words:
            if isinstance(command, click.Group) and not word.startswith("-"):
                found = command.get_command(context, word)
                assert found is not None, f"{path.name}: `feathercut {' '.join(words)}`"
                command, context = found, click.Context(found, parent=context)
        flags = {flag for one in command.params for flag in one.opts}
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= flags, f"{path.name}: {words}"


def test_ports_are_one() -> None:
    port = settings_of(of_container()).port
    assert f"EXPOSE {port}\n" in CONTAINER
    assert SERVER["ports"] == [{"name": "http", "containerPort": port}]
    assert KUBERNETES["Service"]["spec"]["ports"][0]["targetPort"] == "http"
    assert COMPOSE["services"]["server"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"server 127.0.0.1:{port};" in NGINX
    assert {int(found) for found in re.findall(r"http://127\.0\.0\.1:(\d+)", CONTAINER + str(COMPOSE))} == {port}


def test_probes_ask_what_is_there() -> None:
    from feathercut.server.app import create_app
    from feathercut.server.context import Context
    from feathercut.server.cutting import InProcess
    from feathercut.server.keys import open_gate
    from feathercut.server.remote import RemoteFetcher

    settings = ServerSettings()
    app = create_app(Context(InProcess(settings), settings, open_gate(settings), RemoteFetcher(settings)))
    paths = set(app.openapi()["paths"])
    probes = [SERVER[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")]
    assert probes == ["/healthz", "/readyz", "/healthz"]
    told = {*probes, KUBERNETES["Deployment"]["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"]}
    told |= set(re.findall(r"http://127\.0\.0\.1:\d+(/\w+)", CONTAINER + str(COMPOSE)))
    told |= {f"/{name}" for name in re.findall(r"location ~ \^/\((.*)\)\$", NGINX)[0].split("|")}
    assert told == {"/healthz", "/readyz", "/metrics"} <= paths


def test_the_image_has_a_python_that_fits_and_extras_that_are_there() -> None:
    from packaging.specifiers import SpecifierSet

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    (version,) = re.findall(r"^ARG BASE=python:([\d.]+)-slim", CONTAINER, re.MULTILINE)
    assert version in SpecifierSet(project["requires-python"])
    named = re.findall(r"(?:'\.|feathercut|/opt/build)\[([\w,-]+)\]", CONTAINER + PAGE.read_text("utf-8"))
    assert {extra for one in named for extra in one.split(",")} <= set(project["optional-dependencies"])
    (runtime,) = re.findall(r"onnxruntime-gpu\[cuda,cudnn\](>=[\d.]+)", CONTAINER)
    assert f"onnxruntime{runtime}" in project["dependencies"]
    copied = {*re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text("utf-8"), re.MULTILINE)}
    assert copied == {"pyproject.toml", "README.md", "LICENSE", "src"}
    assert all(name in CONTAINER for name in copied)


def test_nobody_is_root_and_nothing_is_written_but_where_it_is_said() -> None:
    (user,) = re.findall(r"^USER (\d+):\1$", CONTAINER, re.MULTILINE)
    assert int(user) == POD["securityContext"]["runAsUser"] == POD["securityContext"]["fsGroup"] == 10001
    assert SERVER["securityContext"]["readOnlyRootFilesystem"]
    assert SERVER["securityContext"]["capabilities"]["drop"] == ["ALL"]
    places = {one["mountPath"] for one in SERVER["volumeMounts"]}
    assert places == {of_container()["FEATHERCUT_CACHE"], "/tmp"}
    for service in COMPOSE["services"].values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        assert {"mem_limit", "pids_limit", "healthcheck"} <= set(service)
    assert "DynamicUser=yes" in SERVICE and "ProtectSystem=strict" in SERVICE


def test_whoever_stops_the_server_waits_until_its_work_is_done() -> None:
    grace = COMPOSE["services"]["server"]["stop_grace_period"]
    assert int(grace.removesuffix("s")) >= settings_of(of_compose()).stop_s + LAST_S / 2
    (timeout,) = re.findall(r"^TimeoutStopSec=(\d+)s$", SERVICE, re.MULTILINE)
    assert int(timeout) >= settings_of(of_service()).stop_s + LAST_S
    first = SERVER["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert POD["terminationGracePeriodSeconds"] - first >= settings_of(of_kubernetes()).stop_s + LAST_S
    assert "KillMode=mixed" in SERVICE and "Type=notify" in SERVICE


def test_a_service_of_kubernetes_sets_no_setting() -> None:
    assert POD["enableServiceLinks"] is False


def test_the_proxy_lets_through_what_the_server_takes_and_waits_as_long() -> None:
    settings = ServerSettings()
    (body,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    assert int(body) << 20 >= most_bytes(settings)
    (wait,) = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    assert int(wait) > settings.deadline_s
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX


@pytest.mark.parametrize(
    ("name", "before", "after", "says"),
    [
        ("Containerfile", "USER 10001:10001", "USER root", "DL3002"),
        ("compose.yaml", "read_only: true", "read_onyl: true", "read_onyl"),
        ("kubernetes.yaml", "readOnlyRootFilesystem", "readOnlyRootFileSystem", "readOnlyRootFileSystem"),
        ("kubernetes.yaml", "minReplicas: 2", "minReplicas: two", "two"),
        ("feathercut.service", "ProtectSystem=strict", "ProtectSistem=strict", "ProtectSistem"),
    ],
)
def test_the_lints_see_what_is_wrong(tmp_path: Path, name: str, before: str, after: str, says: str) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "deploy").mkdir()
    (tmp_path / "scripts" / "deploy.py").write_bytes((REPOSITORY / "scripts" / "deploy.py").read_bytes())
    for path in DEPLOY.iterdir():
        (tmp_path / "deploy" / path.name).write_bytes(path.read_bytes())
    text = (DEPLOY / name).read_text("utf-8")
    assert before in text
    (tmp_path / "deploy" / name).write_text(text.replace(before, after), "utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "deploy.py")], capture_output=True, text=True, check=False
    )
    if "not linted" in done.stdout and done.returncode == 0:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 1
    assert says in done.stdout
