"""What the server answers beside Streamlit's own pages: health, pictures, original files, the judged set, exports."""

from __future__ import annotations

from contextlib import ExitStack
from importlib.metadata import version
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from app import services
from app.judging import SET_NAME
from rag.errors import AccessError, NotFound, RagError

_PIECE = 1 << 16
_STATUS = ((NotFound, 404), (AccessError, 403), (RagError, 422))


def routes() -> list[Route]:
    """Return the routes of the application."""
    return [
        Route("/healthz", health, methods=["GET", "HEAD"]),
        Route("/pages/{document}/{version}/{page}", page_picture),
        Route("/originals/{document}/{version}", original),
        Route("/questions.zip", question_set),
        Route("/receipts/{receipt}.html", receipt),
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
        # Not in the route, which fails over a number of thousands of digits.
        page = int(known["page"])
        picture = await run_in_threadpool(
            services.current().page_picture, known["document"], known["version"], page, mark
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


async def question_set(request: Request) -> Response:
    """Give the labelled set that the judged answers make, as a download."""
    del request
    held = ExitStack()
    try:
        file = await run_in_threadpool(held.enter_context, services.current().question_set())
    except RagError as exc:
        return _problem(exc)
    headers = {"Content-Disposition": f'attachment; filename="{SET_NAME}.zip"', "Cache-Control": "no-store"}
    pieces = iter(lambda: file.read(_PIECE), b"")
    return StreamingResponse(
        pieces, media_type="application/zip", headers=headers, background=BackgroundTask(held.close)
    )


async def receipt(request: Request) -> Response:
    """Give a receipt to take along, as a page that stands alone and loads and runs nothing."""
    name = request.path_params["receipt"]
    try:
        page = await run_in_threadpool(services.current().exported_receipt, name)
    except RagError as exc:
        return _problem(exc)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''receipt-{quote(name, safe='')}.html",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return HTMLResponse(page, headers=headers)


def _problem(exc: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(exc, kind)), 400)
    message, hint = (exc.message, exc.hint) if isinstance(exc, RagError) else ("The address is not valid.", "")
    return JSONResponse({"message": message, "hint": hint}, status_code=status)
