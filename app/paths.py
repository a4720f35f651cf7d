"""Addresses below a view, which have no page of their own, lead to the view."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class OneLevel:
    """ASGI middleware that sends "/library/anything" to "/library".

    Streamlit answers any address with its start page. That one loads its scripts from beside its own address, where
    below a view there are none: the window stayed white.

    Args:
        app: The application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        view, _, below = str(scope.get("path", "")).strip("/").partition("/")
        if scope["type"] != "http" or not below:
            await self._app(scope, receive, send)
            return
        led = False

        async def lead(message: Message) -> None:
            nonlocal led
            if message["type"] == "http.response.start" and _is_page(message):
                led = True
                await RedirectResponse(f"/{view}", 307, {"Cache-Control": "no-store"})(scope, receive, send)
            elif not led:
                await send(message)

        await self._app(scope, receive, lead)


def _is_page(message: Message) -> bool:
    headers = MutableHeaders(scope=message)
    is_html = headers.get("content-type", "").startswith("text/html")
    return bool(message["status"] == 200 and is_html and "content-disposition" not in headers)
