"""What every implementation of `rag.protocols.Generator` must do."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.models.generation import load_generator
from rag.protocols import ChatMessage

CHAT = (ChatMessage("system", "Answer."), ChatMessage("user", "When is the light red?"))


class Echo(BaseHTTPRequestHandler):
    """A chat server that says the numbers from 1, one in a piece."""

    def do_POST(self):
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for n in range(wanted["max_tokens"]):
            event = {"choices": [{"delta": {"content": f"{n + 1} "}, "finish_reason": None}]}
            self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_):
        pass


@pytest.fixture(params=["causal", "openai"])
def generator(request, tiny_llama, models_home):
    if request.param == "causal":
        yield load_generator(str(tiny_llama), cache=models_home)
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    loaded = load_generator(f"openai:http://127.0.0.1:{server.server_port}/v1#numbers", cache=models_home)
    yield loaded
    loaded.close()
    server.shutdown()
    server.server_close()
    thread.join()


def test_text_comes_in_pieces(generator):
    pieces = list(generator.stream(CHAT, max_tokens=12, seed=7))

    assert len(pieces) > 1
    assert all(pieces)


def test_the_same_seed_writes_the_same_text(generator):
    first = "".join(generator.stream(CHAT, max_tokens=12, seed=7))

    assert "".join(generator.stream(CHAT, max_tokens=12, seed=7)) == first


def test_more_tokens_continue_the_same_text(generator):
    short = "".join(generator.stream(CHAT, max_tokens=4, seed=7))
    long = "".join(generator.stream(CHAT, max_tokens=12, seed=7))

    assert long.startswith(short)
    assert len(long) > len(short)


def test_a_stream_can_be_abandoned_without_leaving_a_thread(generator):
    whole = list(generator.stream(CHAT, max_tokens=12, seed=7))
    before = {thread.name for thread in threading.enumerate() if "request" not in thread.name}

    pieces = generator.stream(CHAT, max_tokens=12, seed=7)
    first = next(pieces)
    pieces.close()

    assert first == whole[0]
    assert {thread.name for thread in threading.enumerate() if "request" not in thread.name} <= before
    assert list(generator.stream(CHAT, max_tokens=12, seed=7)) == whole


def test_it_says_what_it_is(generator):
    assert generator.use.ref
