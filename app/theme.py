"""Colours, type and the other Streamlit options, set by code so that they hold from any working directory.

Every pair of text and background below has a contrast of at least 4.5 to 1 (WCAG 2.2, AA), which a test measures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rag.settings import Settings

LIGHT: Final = MappingProxyType(
    {
        "primaryColor": "#0B5D66",
        "backgroundColor": "#FFFFFF",
        "secondaryBackgroundColor": "#F3F5F4",
        "textColor": "#18211F",
        "linkColor": "#0B5D66",
        "borderColor": "#DBE1DF",
        "grayTextColor": "#55625F",
        "yellowBackgroundColor": "#FFEDA6",
        "redTextColor": "#A3271D",
        "redBackgroundColor": "#FBEBE8",
        "greenTextColor": "#1D6B3E",
        "greenBackgroundColor": "#E6F3EA",
        "orangeTextColor": "#8A5000",
        "orangeBackgroundColor": "#FCF1DE",
        "codeTextColor": "#18211F",
        "codeBackgroundColor": "#F3F5F4",
    }
)

DARK: Final = MappingProxyType(
    {
        "primaryColor": "#68C7CE",
        "backgroundColor": "#131918",
        "secondaryBackgroundColor": "#1C2423",
        "textColor": "#E5EBE9",
        "linkColor": "#68C7CE",
        "borderColor": "#303B39",
        "grayTextColor": "#A0AEAB",
        "yellowBackgroundColor": "#5C4B10",
        "redTextColor": "#F2A097",
        "redBackgroundColor": "#3A201D",
        "greenTextColor": "#86CFA1",
        "greenBackgroundColor": "#193023",
        "orangeTextColor": "#E9B667",
        "orangeBackgroundColor": "#352812",
        "codeTextColor": "#E5EBE9",
        "codeBackgroundColor": "#1C2423",
    }
)

_NEVER: Final = 1e12
"""A size that nothing reaches, in bytes."""
_SIDEBAR: Final = {"light": "#F3F5F4", "dark": "#0E1312"}
_SIDEBAR_RAISED: Final = {"light": "#E6EAE8", "dark": "#1C2423"}


def options(settings: Settings) -> dict[str, object]:
    """Return the Streamlit options of this application.

    They win over any ``config.toml`` of the machine: the look, the privacy and the limits are ours.
    """
    loopback = is_loopback(settings.serve.host)
    return _server(settings, loopback=loopback) | _look()


def page_colours() -> str:
    """Return style rules with the colours that the page's own style shares with the theme."""

    def rules(colours: Mapping[str, str]) -> str:
        shared = {"paper": "backgroundColor", "accent": "primaryColor", "quiet": "grayTextColor"}
        named = " ".join(f"--fn-{name}: {colours[key]};" for name, key in shared.items())
        return f":root {{ {named} }}"

    return f"{rules(LIGHT)} @media (prefers-color-scheme: dark) {{ {rules(DARK)} }}"


def is_loopback(host: str) -> bool:
    """Return whether a host name reaches this machine only."""
    return host in {"127.0.0.1", "localhost", "::1"}


def _server(settings: Settings, *, loopback: bool) -> dict[str, object]:
    return {
        "server.headless": True,
        "server.address": settings.serve.host,
        "server.port": settings.serve.port,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.maxUploadSize": math.ceil(settings.ingest.max_file_mb),
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.enableAgentApi": False,
        # A page on another site cannot reach a local server under a name of its own (DNS rebinding).
        "server.allowedHosts": ["127.0.0.1", "localhost", "[::1]"] if loopback else [],
        "browser.gatherUsageStats": False,
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.allowedOrigins": [],
        "global.developmentMode": False,
        # What is larger a page keeps for two runs, and the server sends a mark in its place: with five runs a second
        # while a question runs the page may have dropped it, and ends with "Cached ForwardMsg MISS".
        "global.minCachedMessageSize": _NEVER,
        "runner.magicEnabled": False,
        # A full collection after every run walks through all models and graphs, five times a second while a
        # question runs: with it, answers took 130 to 170 s on a busy machine, without it 2 to 22 s.
        "runner.postScriptGC": False,
    }


def _look() -> dict[str, object]:
    look: dict[str, object] = {
        "theme.font": "sans-serif",
        "theme.headingFont": "serif",
        "theme.codeFont": "monospace",
        "theme.baseFontSize": 16,
        "theme.baseRadius": "8px",
        "theme.buttonRadius": "8px",
        "theme.showSidebarBorder": True,
        "theme.showWidgetBorder": True,
    }
    for name, colours in (("light", LIGHT), ("dark", DARK)):
        look |= {f"theme.{name}.{key}": colour for key, colour in colours.items()}
        look[f"theme.{name}.sidebar.backgroundColor"] = _SIDEBAR[name]
        look[f"theme.{name}.sidebar.secondaryBackgroundColor"] = _SIDEBAR_RAISED[name]
    return look
