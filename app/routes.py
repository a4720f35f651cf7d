"""What the server answers beside Streamlit's own pages: its health, page pictures and original files."""

from __future__ import annotations

from importlib.metadata import version
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import services
from rag.errors import AccessError, NotFound, RagError

_STATUS = ((NotFound, 404), (AccessError, 403), (RagError, 422))


def routes() -> list[Route]:
    """Return the routes of the application."""
    return [
        Route("/healthz", health, methods=["GET", "HEAD"]),
        Route("/pages/{document}/{version}/{page:int}", page_picture),
        Route("/originals/{document}/{version}", original),
    ]


async def health(request: Request) -> JSONResponse:
    """Say that the process answers, which version it is, and whether its models are loaded."""
    del request
    service = services.current()
    return JSONResponse({"status": "ok", "version": version("footnote"), "models_loaded": service.models_loaded})


async def page_picture(request: Request) -> JSONResponse:
    """Give a page of a PDF as a picture, with the boxes of a passage in per cent of its size."""
    try:
        mark = (int(request.query_params.get("start", "0")), int(request.query_params.get("end", "0")))
        known = request.path_params
        picture = await run_in_threadpool(
            services.current().page_picture, known["document"], known["version"], known["page"], mark
        )
    except (RagError, ValueError) as exc:
        return _problem(exc)
    return JSONResponse(picture, headers={"Cache-Control": "private, max-age=3600"})


async def original(request: Request) -> Response:
    """Give the file that a version was read from, always as a download."""
    try:
        known = request.path_params
        document, content = await run_in_threadpool(services.current().original, known["document"], known["version"])
    except RagError as exc:
        return _problem(exc)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.name, safe='')}",
        "Content-Security-Policy": "sandbox",
    }
    return Response(content, media_type="application/octet-stream", headers=headers)


def _problem(exc: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(exc, kind)), 400)
    message, hint = (exc.message, exc.hint) if isinstance(exc, RagError) else ("The address is not valid.", "")
    return JSONResponse({"message": message, "hint": hint}, status_code=status)
