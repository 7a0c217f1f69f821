"""A server with the real web channel in front of a scripted desk instead of Rasa: `python light_server.py PORT FILE`.

Every text that reaches the desk is written to FILE, a line each. What the desk answers depends on the text alone.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from sigap.channels.web import WebInput
from sigap.runtime.tracker_store import SigapTrackerStore
from sigap.store.conversations import Conversations

CHOICES = [
    "Tentang pelayanan petugas",
    "Tentang aplikasi",
    "Tentang antrean",
    "Tentang keterlambatan",
    "Tentang pungli atau calo",
    "Tentang hal lainnya",
]
LONG = "\n\n".join(
    [
        "*Syarat paspor baru untuk anak*",
        "\n".join(f"{number}. Dokumen nomor {number}, asli dan fotokopinya" for number in range(1, 31)),
        "Selengkapnya di https://www.imigrasi.go.id/syarat?jenis=anak.",
    ]
)
HOSTILE = (
    "<script>document.title='diambil'</script><img src=x onerror=\"document.title='diambil'\"> javascript:alert(1)"
)


class Desk:
    """Answers as the texts ask, and notes all that it was asked."""

    def __init__(self, asked: Path, tracker_store: SigapTrackerStore) -> None:
        self._asked = asked
        self._tracker_store = tracker_store

    async def __call__(self, message: UserMessage) -> None:
        text, say, who = message.text, message.output_channel, message.sender_id
        with self._asked.open("a", encoding="utf-8") as log:
            log.write(text + "\n")
        tracker = DialogueStateTracker(who, [])
        tracker.update(UserUttered(text))
        await self._tracker_store.save(tracker)
        if text.startswith("lambat"):
            await asyncio.sleep(float(text.split()[1]))
            await say.send_text_message(who, f"Selesai: {text}")
        elif text == "tombol":
            buttons = [{"title": title, "payload": f"Saya pilih {title}"} for title in ("Satu", "Dua", "Tiga")]
            await say.send_text_with_buttons(who, "Pilih salah satu:", buttons)
        elif text == "daftar":
            buttons = [{"title": title, "payload": title} for title in CHOICES]
            await say.send_text_with_buttons(who, "Keluhan Anda tentang apa?", buttons)
        elif text == "panjang":
            await say.send_text_message(who, LONG)
        elif text == "jahat":
            await say.send_text_message(who, HOSTILE)
        elif text.startswith("gambar "):
            await say.send_text_message(who, "Ini tiket Anda.")
            await say.send_image_url(who, text.split()[1])
        elif text == "/kabar":
            await say.send_text_with_buttons(
                who, "Ada tempat kosong pukul 9.", [{"title": "Ambil", "payload": "Ya, saya ambil"}]
            )
        else:
            await say.send_text_message(who, f"Anda menulis: {text}")


def main(port: int, asked: Path) -> None:
    """Serve until told to stop."""
    record = Conversations.open(f"sqlite:///{asked.with_name('conversations.db')}")
    record.upgrade()
    store = SigapTrackerStore(Domain.empty(), record=record)
    desk = Desk(asked, store)
    app = Sanic("light_sigap", configure_logging=False)
    app.ctx.agent = SimpleNamespace(forget=store.forget)
    app.blueprint(WebInput.from_credentials(None).blueprint(desk), url_prefix="/webhooks/web")
    app.run("127.0.0.1", port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
