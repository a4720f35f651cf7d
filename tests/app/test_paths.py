"""What lies below a view leads to the view; what is no page stays what it is."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.paths import OneLevel

START = "<!doctype html><title>Start</title>"


def start(_request):
    return HTMLResponse(START)


def export(_request):
    return HTMLResponse("<p>A receipt</p>", headers={"Content-Disposition": "attachment"})


@pytest.fixture
def client():
    inside = Starlette(
        routes=[
            Route("/receipts/r1.html", export),
            Route("/_stcore/health", lambda _: PlainTextResponse("ok")),
            Route("/missing/page", lambda _: HTMLResponse(START, status_code=404)),
            Route("/{path:path}", start),
        ]
    )
    return TestClient(OneLevel(inside), follow_redirects=False)


@pytest.mark.parametrize("path", ["/library/foo", "/library/foo/bar", "/library/foo?document=d1"])
def test_below_a_view_lies_the_view(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"], answer.text) == (307, "/library", "")


@pytest.mark.parametrize("path", ["/", "/library", "/library/", "/ask?conversation=c1"])
def test_a_view_is_shown(client, path):
    assert client.get(path).text == START


@pytest.mark.parametrize(("path", "said"), [("/receipts/r1.html", "<p>A receipt</p>"), ("/_stcore/health", "ok")])
def test_what_is_no_page_of_the_application_stays(client, path, said):
    assert client.get(path).text == said


def test_what_is_missing_stays_missing(client):
    assert client.get("/missing/page").status_code == 404
