"""One server process with the channel, for tests that kill it: python worker_process.py PORT DATABASE_URL GRAPH_URL."""

from __future__ import annotations

import asyncio
import sys

from rasa.core.channels.channel import UserMessage
from sanic import Sanic
from whatsapp_office import settings

from sigap.channels.whatsapp import WhatsAppInput
from sigap.store.session import Store

TURN_SECONDS = 1.0


async def slow_rasa(message: UserMessage) -> None:
    """Answers after as long as a turn with several actions takes."""
    await asyncio.sleep(TURN_SECONDS)
    await message.output_channel.send_text_message(message.sender_id, f"Jawaban: {message.text}")


def main(port: int, database_url: str, graph_url: str) -> None:
    app = Sanic("worker", configure_logging=False)
    channel = WhatsAppInput(settings(graph_url), Store.open(database_url))
    app.blueprint(channel.blueprint(slow_rasa), url_prefix="/webhooks/whatsapp")
    app.run("127.0.0.1", port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
