"""Security headers on every answer of the server."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_RULES: Final = (
    "default-src 'self'",
    # Streamlit writes its styles into the page as it is drawn.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "media-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
_INLINE_SCRIPT: Final = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_HEADERS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


def content_policy() -> str:
    """Return the content security policy: nothing is loaded from, sent to, or framed by another place.

    Scripts come from this server, from a blob (the scripts of our own elements, which Streamlit mounts so), or
    are the inline ones of Streamlit's start page, known by their hash; text that became markup could run nothing.
    """
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(page.read_bytes()))
    known = [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
    return "; ".join((*_RULES, " ".join(("script-src", "'self'", "blob:", *known))))


class SecurityHeaders:
    """ASGI middleware that adds the headers; a policy that a route set itself stays.

    Args:
        app: The application inside.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.policy = content_policy()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", self.policy)
                for name, value in _HEADERS:
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, with_headers)
