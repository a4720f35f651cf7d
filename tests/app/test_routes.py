"""What the server answers beside Streamlit's own pages."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.routes import routes


@pytest.fixture
def client(service):
    assert service
    return TestClient(Starlette(routes=routes()))


def test_health_tells_status_version_and_models(client):
    found = client.get("/healthz")
    assert found.status_code == 200
    assert found.json()["status"] == "ok"
    assert found.json()["version"]
    assert isinstance(found.json()["models_loaded"], bool)


def test_an_original_comes_as_a_download_to_the_byte(client, service):
    info = next(info for info in service.documents() if info.name == "kettle.md")
    found = client.get(f"/originals/{info.id}/{info.version}")
    assert found.content.startswith(b"# Larkspur kettle")
    assert found.headers["content-disposition"].startswith("attachment;")
    assert found.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("place", ["originals/d0/v0", "pages/d0/v0/1?start=0&end=1"])
def test_what_does_not_exist_is_404_with_its_reason(client, place):
    found = client.get(f"/{place}")
    assert found.status_code == 404
    assert found.json()["message"]


def test_a_page_of_a_document_that_is_no_pdf_is_refused(client, service):
    info = next(info for info in service.documents() if info.name == "kettle.md")
    assert client.get(f"/pages/{info.id}/{info.version}/1?start=0&end=5").status_code == 422


def test_a_wrong_number_is_refused(client, service):
    info = service.documents()[0]
    assert client.get(f"/pages/{info.id}/{info.version}/1?start=x").status_code == 400
    for number in ("9" * 5000, "x", "²", "-1", "0"):
        assert client.get(f"/pages/{info.id}/{info.version}/{number}").status_code in {400, 422}, number[:9]
