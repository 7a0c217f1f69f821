"""`sigap actions`: the actions behind HTTP, for a Rasa that runs elsewhere.

In the place of rasa_sdk's own server, which answers whoever reaches it, repeats the whole conversation in its error
messages, and calls itself healthy without a look at the database.
"""

from __future__ import annotations

import hmac
import logging
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from sigap.settings import Settings
from sigap.store.session import Store

logger = logging.getLogger(__name__)
# A call carries a few turns of one conversation.
_MOST_BYTES = 1_000_000
_STOP_SECONDS = 15


def build(settings: Settings) -> Sanic:
    """The server: POST /webhook with the shared secret, GET /live and GET /health."""
    app = Sanic("sigap_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = _MOST_BYTES
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = _STOP_SECONDS
    app.config.ACCESS_LOG = False
    # Longer than callers keep a connection that is not used (action_calls): who closes first must be the caller.
    app.config.KEEP_ALIVE_TIMEOUT = 75
    expected = f"Bearer {settings.action_secret}".encode()
    executor = ActionExecutor()
    executor.register_package("actions")
    store = Store.open(settings.database_url)

    @app.get("/live")
    async def live(_: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        try:
            await app.loop.run_in_executor(None, store.ping)
        except Exception as error:
            logger.error("not healthy: the database does not answer (%s)", type(error).__name__)
            return response.json({"status": "database"}, status=503)
        return response.json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        shown = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, expected):
            return response.json({"error": "unauthorized"}, status=401)
        try:
            return response.json(await executor.run(request.json))
        except ActionExecutionRejection as rejection:
            return response.json({"action_name": rejection.action_name}, status=400)
        except ActionNotFoundException:
            return response.json({"error": "no such action"}, status=404)

    @app.exception(Exception)
    async def failed(_: Request, error: Exception) -> HTTPResponse:
        # Neither the answer nor the log may quote the call: it holds what the applicant wrote.
        if isinstance(error, SanicException):
            return response.json({"error": "bad request"}, status=error.status_code)
        logger.error("a call failed: %s", type(error).__name__)
        return response.json({"error": "failed"}, status=500)

    return app


def serve(settings: Settings, interface: str, port: int) -> Any:
    """Run until stopped."""
    build(settings).run(interface, port, access_log=False, motd=False)
