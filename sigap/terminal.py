"""A chat in the terminal, over the REST channel."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import click


def chat_in_terminal(server: str) -> None:
    """Read lines and print answers until an empty end of input or "/keluar"."""
    click.echo('Tulis pesan, lalu Enter. Ketik angka untuk memilih tombol; "/keluar" untuk selesai.\n')
    buttons: list[dict[str, str]] = []
    while True:
        try:
            text = click.prompt("Anda", prompt_suffix=": ", default="", show_default=False)
        except click.Abort:
            return
        if text.strip() == "/keluar":
            return
        if text.strip().isdigit() and 0 < int(text) <= len(buttons):
            text = buttons[int(text) - 1]["payload"]
        buttons = []
        for answer in _send(server, text):
            click.echo(f"\n{answer.get('text', '')}")
            for number, choice in enumerate(answer.get("buttons", []), start=len(buttons) + 1):
                click.echo(f"  [{number}] {choice['title']}")
            buttons += answer.get("buttons", [])
        click.echo()


def _send(server: str, text: str) -> list[dict[str, Any]]:
    body = json.dumps({"sender": "terminal", "message": text}).encode()
    request = urllib.request.Request(
        f"{server}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            answers: list[dict[str, Any]] = json.load(reply)
            return answers
    except (urllib.error.URLError, OSError):
        return [{"text": "Sambungan ke server terputus. Coba lagi sebentar lagi."}]
