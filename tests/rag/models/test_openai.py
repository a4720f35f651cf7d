import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag.errors import ModelError
from rag.models.openai import OpenAIGenerator, api_key
from rag.models.references import parse
from rag.protocols import ChatMessage

CHAT = [ChatMessage("system", "Be brief."), ChatMessage("user", "Café?")]


def event(content, reason=None, **more):
    told = {"choices": [{"delta": {"content": content}, "finish_reason": reason}], **more}
    return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        server.asked.append((self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.status)
        self.end_headers()
        self.wfile.write(server.body.encode())
        if server.silent is not None:
            self.wfile.flush()
            server.silent.wait(timeout=30)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status, server.body, server.silent = [], 200, "", None
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    if server.silent is not None:
        server.silent.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def ask(server):
    made = []

    def ask(body, *, status=200, **choices):
        server.body, server.status = body, status
        reference = parse(f"openai:http://127.0.0.1:{server.server_port}/v1#tiny", slot="generator")
        made.append(OpenAIGenerator(reference, **choices))
        return list(made[-1].stream(CHAT, max_tokens=9, seed=5))

    yield ask
    for generator in made:
        generator.close()


def test_pieces_come_as_they_are_sent(ask):
    role = 'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n'
    usage = 'data: {"choices": [], "usage": {}}\n\n'
    body = f": a comment\n\n{role}{event('Caf')}{event('é.')}{event(None, 'stop')}{usage}data: [DONE]\n\n"

    assert ask(body) == ["Caf", "é."]


def test_the_request_carries_model_messages_and_choices(ask, server):
    ask("data: [DONE]\n\n", key="secret")

    path, headers, body = server.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    sent = json.loads(body)
    assert (sent["model"], sent["max_tokens"], sent["seed"], sent["stream"]) == ("tiny", 9, 5, True)
    assert sent["messages"][1] == {"role": "user", "content": "Café?"}


def test_without_a_key_none_is_sent(ask, server):
    ask("data: [DONE]\n\n")

    assert "Authorization" not in server.asked[0][1]


@pytest.mark.parametrize(("status", "hint"), [(401, "FOOTNOTE_OPENAI_API_KEY"), (404, "/v1"), (500, "log")])
def test_a_refusal_says_status_reason_and_remedy(ask, status, hint):
    with pytest.raises(ModelError, match=f"status {status}: no such model") as caught:
        ask("no such\n model", status=status)

    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "garbage", ["data: {nonsense\n\n", "data: [1]\n\n", 'data: {"choices": 3}\n\n', "data: {}\n\n"]
)
def test_something_else_than_a_chat_completion_is_refused(ask, garbage):
    with pytest.raises(ModelError, match="something else than a chat completion"):
        ask(garbage)


def test_a_page_that_is_no_stream_is_refused(ask):
    with pytest.raises(ModelError, match="before the answer was complete"):
        ask("<html>Welcome</html>")


def test_an_error_inside_the_stream_is_raised(ask):
    with pytest.raises(ModelError, match="out of memory"):
        ask(event("One") + 'data: {"error": "out of memory"}\n\n')


def test_that_there_is_no_error_is_none(ask):
    assert ask(event("One", "stop", error=None)) == ["One"]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_a_sign_that_ends_lines_elsewhere_stands_within_a_piece(ask, sign):
    assert ask(event(f"One{sign}two.", "stop").replace("\n", "\r\n")) == [f"One{sign}two."]


def test_half_a_stream_is_refused_after_what_came(server):
    server.body = event("One")
    reference = parse(f"openai:http://127.0.0.1:{server.server_port}/v1#tiny", slot="generator")
    generator = OpenAIGenerator(reference)
    pieces = generator.stream(CHAT, max_tokens=9, seed=5)

    assert next(pieces) == "One"
    with pytest.raises(ModelError, match="before the answer was complete"):
        next(pieces)
    generator.close()


def test_a_stream_that_ends_with_a_reason_is_complete(ask):
    assert ask(event("One", "stop")) == ["One"]


def test_a_silent_server_is_given_up(ask, server):
    server.silent = threading.Event()

    with pytest.raises(ModelError, match="did not answer in time"):
        ask(event("One"), silence_s=0.2)


def test_a_server_that_is_not_there_is_named():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    generator = OpenAIGenerator(parse(f"openai:http://127.0.0.1:{port}/v1#tiny", slot="generator"))

    with pytest.raises(ModelError, match=f"127.0.0.1:{port}.*cannot be reached") as caught:
        list(generator.stream(CHAT, max_tokens=9, seed=5))

    assert "server runs" in caught.value.hint
    generator.close()


def test_the_key_of_footnote_wins():
    assert api_key({"OPENAI_API_KEY": "theirs", "FOOTNOTE_OPENAI_API_KEY": "ours"}) == "ours"
    assert api_key({"OPENAI_API_KEY": "theirs"}) == "theirs"
    assert api_key({}) == ""


def test_a_line_end_behind_a_key_is_none_of_it():
    assert api_key({"FOOTNOTE_OPENAI_API_KEY": " \n", "OPENAI_API_KEY": " sk-theirs\r\n"}) == "sk-theirs"


@pytest.mark.parametrize("key", ["sk-sécret", "“sk-secret”", "sk-\nsecret"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_told(key):
    with pytest.raises(ModelError, match="FOOTNOTE_OPENAI_API_KEY") as caught:
        api_key({"FOOTNOTE_OPENAI_API_KEY": key})

    assert "cret" not in str(caught.value)
