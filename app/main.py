"""The server: one ASGI application with Streamlit's pages and our own routes, and the command that runs it."""

from __future__ import annotations

import errno
import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit.web import bootstrap

from app import services, theme
from app.headers import SecurityHeaders
from app.paths import OneLevel
from app.routes import routes
from app.views import frame
from rag.errors import InputError, RagError
from rag.safety.logs import logged_to, mask_logs
from rag.settings import Settings

_SCREEN = Path(__file__).parent / "screen.py"
_LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]
_BACKLOG = 128
_SHUTDOWN_S = 3


def serve(settings: Settings) -> None:
    """Run the application until it is stopped.

    The home directory is opened first, so that one that is in use ends the command with its reason.

    Raises:
        RagError: The home directory is in use or damaged, a model is missing, or the port is taken.
    """
    listening = _listen(settings.serve.host, settings.serve.port)
    service = services.install(settings)
    try:
        with logged_to(service.workspace().home.logs / "footnote.log"):
            application = create_app(settings)
            _announce(settings)
            config = uvicorn.Config(
                application,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws="websockets-sansio",
                timeout_graceful_shutdown=_SHUTDOWN_S,
            )
            uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        sys.stderr.write("Footnote has stopped.\n")
    finally:
        listening.close()
        service.close()


def create_app(settings: Settings) -> st.App:
    """Return the ASGI application; its options hold for the whole process."""
    bootstrap.load_config_options({name.replace(".", "_"): value for name, value in theme.options(settings).items()})
    middleware = [Middleware(SecurityHeaders), Middleware(OneLevel)]
    if theme.is_loopback(settings.serve.host):
        # A page of another site must not reach this server under a name of its own (DNS rebinding).
        middleware.insert(0, Middleware(TrustedHostMiddleware, allowed_hosts=_LOOPBACK_NAMES))
    return st.App(_SCREEN, lifespan=_lifespan, routes=routes(), middleware=middleware, on_script_error=_show_fault)


@asynccontextmanager
async def _lifespan(_: st.App) -> AsyncIterator[None]:
    """Load the models beside the start, so that the first page does not wait for them; close all at the end.

    The end is here since a server that is told to terminate ends the process before `serve` could go on.
    """
    mask_logs()
    service = services.current()
    threading.Thread(target=_warm_up, args=(service,), name="warm-up", daemon=True).start()
    try:
        yield
    finally:
        await run_in_threadpool(service.close)


def _warm_up(service: services.Service) -> None:
    try:
        service.warm_up()
    except RagError as exc:
        # Whoever asks first is told the same on the page.
        logging.getLogger(__name__).warning("the models are not loaded: %s", exc)


def _show_fault(fault: Exception) -> bool:
    """Put a calm message where a view failed; the log has the rest."""
    if isinstance(fault, RagError):
        frame.problem(fault.message, fault.hint)
    else:
        frame.fault(fault)
    return True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as exc:
        listening.close()
        reason = "is in use by another program" if exc.errno == errno.EADDRINUSE else f"cannot be opened ({exc})"
        raise InputError(
            f"The address {host}:{port} {reason}.", hint="Choose another one with --port or serve.port."
        ) from exc
    return listening


def _announce(settings: Settings) -> None:
    host = f"[{settings.serve.host}]" if ":" in settings.serve.host else settings.serve.host
    sys.stderr.write(f"Footnote is at http://{host}:{settings.serve.port} (Ctrl-C stops it).\n")
    if not theme.is_loopback(settings.serve.host):
        sys.stderr.write("Whoever reaches this address can read, add and remove documents: there is no sign-in yet.\n")
    sys.stderr.flush()
