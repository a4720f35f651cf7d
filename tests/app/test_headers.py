"""Security headers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.headers import SecurityHeaders, content_policy


def answer(headers=None):
    async def page(_request):
        return PlainTextResponse("x", headers=headers)

    return TestClient(Starlette(routes=[Route("/", page)], middleware=[Middleware(SecurityHeaders)])).get("/")


def test_every_answer_carries_them():
    headers = answer().headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_stricter_policy_of_a_route_stays():
    assert answer({"Content-Security-Policy": "sandbox"}).headers["content-security-policy"] == "sandbox"


def test_no_script_of_a_page_runs_and_nothing_is_loaded_from_elsewhere():
    policy = content_policy()
    scripts = policy.split("script-src", 1)[1].split(";")[0]
    assert "unsafe-inline" not in scripts
    assert "unsafe-eval" not in scripts
    assert "http" not in policy
    assert "*" not in policy
