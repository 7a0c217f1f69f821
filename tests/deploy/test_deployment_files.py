"""The files in deploy/ name commands, settings and channels that exist. Running them needs containers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from click import Group
from click.testing import CliRunner

from sigap.cli import main
from sigap.settings import ROOT, Settings

# Not ruamel: Rasa teaches that one to fill in variables of the environment.
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
MANIFESTS: list[dict[str, Any]] = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))


def containers(content: Any) -> Iterator[dict[str, Any]]:
    """Every container of the manifests."""
    if isinstance(content, dict):
        yield from content.get("containers") or []
        for inner in content.values():
            yield from containers(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from containers(inner)


OURS = [service for service in COMPOSE["services"].values() if "sigap" in str(service.get("image"))]
COMMANDS = [service["command"] for service in OURS] + [container["args"] for container in containers(MANIFESTS)]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command))
def test_each_container_runs_a_command_of_sigap_with_options_that_it_has(command: list[str]) -> None:
    path = [word for word in command if not word.startswith("--")][: 2 if command[0] in {"db", "data"} else 1]
    found: Any = main
    for word in path:
        assert isinstance(found, Group)
        found = found.commands[word]
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in command if word.startswith("--")} <= known


def test_every_setting_is_one_that_is_read() -> None:
    named = set(re.findall(r"SIGAP_[A-Z_]+", "".join(path.read_text() for path in DEPLOY.iterdir())))
    read = "".join(path.read_text() for path in (ROOT / "sigap").rglob("*.py"))
    assert {name for name in named - {"SIGAP_IMAGE", "SIGAP_HOST"} if name not in read} == set()


def test_limits_count_the_clients_of_the_proxy_and_not_the_proxy() -> None:
    (settings,) = (manifest["data"] for manifest in MANIFESTS if manifest["kind"] == "ConfigMap")
    assert {service["environment"]["SANIC_PROXIES_COUNT"] for service in OURS} == {"1"}
    assert settings["SANIC_PROXIES_COUNT"] == "1"


def test_traffic_goes_where_a_process_answers_even_when_the_database_does_not() -> None:
    serve = next(container for container in containers(MANIFESTS) if container["name"] == "serve")
    assert serve["readinessProbe"]["httpGet"]["path"] == "/live"
    assert "health_uri" not in (DEPLOY / "Caddyfile").read_text()


def test_the_channels_of_production_are_those_of_development_without_the_bare_one() -> None:
    ours, shipped = (
        set(yaml.safe_load(path.read_text())) for path in (ROOT / "credentials.yml", DEPLOY / "credentials.yml")
    )
    assert shipped == {name for name in ours if not name.endswith("RestInput")}


def test_the_production_settings_are_accepted() -> None:
    environment = {name: str(value) for name, value in OURS[0]["environment"].items()}
    secrets = dict.fromkeys(("SIGAP_SIGNING_KEY", "SIGAP_ACTION_SECRET"), "0123456789abcdef" * 4)
    settings = Settings.from_environment(environment | secrets)
    assert settings.production
    assert settings.locks_url.startswith("redis://")


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert {name for name, service in COMPOSE["services"].items() if "ports" in service} == {"caddy"}
    assert COMPOSE["services"]["actions"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert "RestInput" not in (DEPLOY / "credentials.yml").read_text()


def test_the_probes_ask_for_addresses_that_exist() -> None:
    source = "".join((ROOT / "sigap" / "runtime" / f"{name}.py").read_text() for name in ("server", "action_server"))
    probed = re.findall(r"path: (/[a-z]+)", (DEPLOY / "kubernetes.yaml").read_text())
    assert probed
    assert all(f'"{path}"' in source for path in probed)


def test_the_help_names_every_command() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    assert all(name in shown for name in ("serve", "actions", "data", "retention"))
