"""What an operator sets for WhatsApp, read from the environment in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sigap.settings import SettingsError

_REQUIRED = {
    "SIGAP_WHATSAPP_TOKEN": "the access token of the system user",
    "SIGAP_WHATSAPP_PHONE_NUMBER_ID": "the phone number ID (not the number itself)",
    "SIGAP_WHATSAPP_APP_SECRET": "the app secret, with which Meta signs what it delivers",
    "SIGAP_WHATSAPP_VERIFY_TOKEN": "a word of your choice that is also entered as the webhook's verify token",
}
_GRAPH = "https://graph.facebook.com/v23.0"


@dataclass(frozen=True)
class WhatsAppSettings:
    """Access to one WhatsApp number.

    `graph_url` is the Graph API with its version. A message older than `max_age` when its turn comes is not answered as
    if it were new. `templates` maps the topic of a notification to the name of its approved template, and
    `template_language` is the language in which they were approved. The secrets are kept out of `repr`.
    """

    token: str = field(repr=False)
    phone_number_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    graph_url: str = _GRAPH
    max_age: timedelta = timedelta(hours=6)
    templates: Mapping[str, str] = field(default_factory=dict)
    template_language: str = "id"

    @classmethod
    def from_environment(
        cls, production: bool, environment: Mapping[str, str] | None = None
    ) -> WhatsAppSettings | None:
        """Read SIGAP_WHATSAPP_*; None when none is set. Raises `SettingsError` for half a configuration."""
        env = os.environ if environment is None else environment
        given = {name: value for name, value in env.items() if name.startswith("SIGAP_WHATSAPP_") and value}
        if not given:
            return None
        missing = [f"{name} ({meaning})" for name, meaning in _REQUIRED.items() if name not in given]
        if missing:
            raise SettingsError(
                f"WhatsApp is configured by halves. Set also {'; '.join(missing)}; or none of them to switch it off. "
                "docs/whatsapp.md says where to find each."
            )
        return cls(
            token=given["SIGAP_WHATSAPP_TOKEN"],
            phone_number_id=given["SIGAP_WHATSAPP_PHONE_NUMBER_ID"],
            app_secret=given["SIGAP_WHATSAPP_APP_SECRET"],
            verify_token=given["SIGAP_WHATSAPP_VERIFY_TOKEN"],
            graph_url=_graph_url(given.get("SIGAP_WHATSAPP_GRAPH_URL", _GRAPH), production),
            max_age=_hours(given.get("SIGAP_WHATSAPP_MAX_AGE_HOURS", "6")),
            templates=_templates(given.get("SIGAP_WHATSAPP_TEMPLATES", "")),
            template_language=given.get("SIGAP_WHATSAPP_TEMPLATE_LANGUAGE", "id"),
        )


def _graph_url(url: str, production: bool) -> str:
    if production and not url.startswith("https://"):
        raise SettingsError("SIGAP_WHATSAPP_GRAPH_URL must begin with https:// when SIGAP_ENV=production.")
    return url.rstrip("/")


def _hours(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        hours = 0
    # Meta forwards free text only within 24 hours of the message, so a later answer could not arrive.
    if not 0 < hours <= 24:
        raise SettingsError(f"SIGAP_WHATSAPP_MAX_AGE_HOURS={text!r} is not a number of hours from 0 to 24.")
    return timedelta(hours=hours)


def _templates(text: str) -> dict[str, str]:
    pairs = [pair.strip() for pair in text.split(",") if pair.strip()]
    wrong = [pair for pair in pairs if not re.fullmatch(r"[a-z_]+=[a-z0-9_]{1,512}", pair)]
    if wrong:
        raise SettingsError(
            f"SIGAP_WHATSAPP_TEMPLATES: {wrong[0]!r} is not of the form kind=template_name; separate pairs by commas."
        )
    return dict(pair.split("=", 1) for pair in pairs)
