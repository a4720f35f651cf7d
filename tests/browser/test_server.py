"""The server process as other programs see it."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.browser


def test_health_is_told_as_json(address):
    found = httpx.get(f"{address}/healthz")
    assert found.status_code == 200
    assert found.json()["status"] == "ok"


@pytest.mark.parametrize("place", ["/", "/library", "/healthz", "/_stcore/health", "/static/none.js"])
def test_every_answer_carries_the_security_headers(address, place):
    headers = httpx.get(address + place).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_another_name_for_this_machine_is_refused(address):
    assert httpx.get(address, headers={"Host": "attacker.example"}).status_code == 400


def test_another_site_gets_no_permission_to_read(address):
    found = httpx.get(f"{address}/healthz", headers={"Origin": "http://attacker.example"})
    assert "access-control-allow-origin" not in found.headers
