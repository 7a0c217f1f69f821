"""The simulator's page in a real browser, for everybody."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from browser import DESKTOP, PHONE, Somebody, complaints_of_axe
from playwright.sync_api import Browser, expect
from ports import free_port

from sigap.settings import ROOT

TITLES = ("Jakarta Pusat", "Bogor", "Surabaya")


@pytest.fixture
def meta() -> Iterator[dict[str, str]]:
    """`sigap whatsapp simulate --alone`: its page, and the settings that it prints for a SIGAP elsewhere."""
    command = [sys.executable, "-u", "-m", "sigap", "whatsapp", "simulate", "--alone", "--port", str(free_port())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as simulator:
        assert simulator.stdout is not None
        try:
            # It says this last.
            printed = "".join(iter(simulator.stdout.readline, "Press Ctrl-C to stop.\n"))
            yield dict(re.findall(r"export (\w+)=(.+)", printed)) | {"page": f"http://localhost:{command[-1]}/"}
        finally:
            simulator.terminate()


def answer(meta: dict[str, str], person: str, kind: str, part: dict[str, Any]) -> None:
    """Send somebody a message as SIGAP does."""
    to = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": person, "type": kind, kind: part}
    request = urllib.request.Request(
        f"{meta['SIGAP_WHATSAPP_GRAPH_URL']}/{meta['SIGAP_WHATSAPP_PHONE_NUMBER_ID']}/messages",
        json.dumps(to).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {meta['SIGAP_WHATSAPP_TOKEN']}"},
    )
    with urllib.request.urlopen(request, timeout=10) as accepted:
        assert accepted.status == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_to_complain_of(
    browser: Browser, meta: dict[str, str], scheme: str, viewport: dict[str, int]
) -> None:
    applicant = Somebody(browser, meta["page"], color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    found = complaints_of_axe(applicant.page)
    chat = applicant.page.get_by_label("Percakapan")
    applicant.page.get_by_label("Pesan", exact=True).fill("halo")
    applicant.press("Kirim")
    expect(chat).to_contain_text("halo")
    person = "6281100000000"  # the first one who writes to a simulator
    answer(meta, person, "text", {"body": "*Selamat datang* di _SIGAP_."})
    buttons = [{"type": "reply", "reply": {"id": title, "title": title}} for title in TITLES]
    offered = {"type": "button", "body": {"text": "Di kantor mana?"}, "action": {"buttons": buttons}}
    answer(meta, person, "interactive", offered)
    rows = [{"id": title, "title": title, "description": "Senin sampai Jumat"} for title in TITLES]
    sections = {"button": "Pilih kantor", "sections": [{"title": "Kantor", "rows": rows}]}
    answer(meta, person, "interactive", {"type": "list", "body": {"text": "Atau di sini?"}, "action": sections})
    expect(chat.get_by_role("button")).to_have_count(4)
    found += complaints_of_axe(applicant.page)
    applicant.press("Lampiran")
    found += complaints_of_axe(applicant.page)
    applicant.page.keyboard.press("Escape")
    chat.get_by_role("button", name="Pilih kantor").click()
    expect(applicant.page.get_by_role("dialog", name="Pilih kantor")).to_be_visible()
    found += complaints_of_axe(applicant.page)
    assert found == []
    applicant.close()
