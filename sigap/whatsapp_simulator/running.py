"""The simulator beside a SIGAP on this machine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from sigap.whatsapp_simulator.deliveries import Courier
from sigap.whatsapp_simulator.server import Simulation

# No secrets: they open nothing but a simulator on the loopback interface.
_NUMBER, _TOKEN, _SECRET, _VERIFY = "100000000000002", "simulator-token", "simulator-app-secret", "simulator-verify"


@contextmanager
def simulating(port: int, webhook: str) -> Iterator[dict[str, str]]:
    """Serve the simulator on this port of the loopback interface; yields the settings with which SIGAP uses it.

    Raises `OSError` when the port is taken.
    """
    loop = asyncio.new_event_loop()
    meta = Simulation(Courier([webhook], _SECRET, _NUMBER), token=_TOKEN)
    runner = web.AppRunner(meta.application())
    loop.run_until_complete(_serve(runner, port))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield {
            "SIGAP_WHATSAPP_GRAPH_URL": f"http://127.0.0.1:{port}/v23.0",
            "SIGAP_WHATSAPP_PHONE_NUMBER_ID": _NUMBER,
            "SIGAP_WHATSAPP_TOKEN": _TOKEN,
            "SIGAP_WHATSAPP_APP_SECRET": _SECRET,
            "SIGAP_WHATSAPP_VERIFY_TOKEN": _VERIFY,
        }
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(runner: web.AppRunner, port: int) -> None:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
