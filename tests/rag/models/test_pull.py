import errno
import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.errors import HashMismatch, ModelError
from rag.models.embedding import load_embedder
from rag.models.pull import plan_pull, pull
from rag.models.weights import MANIFEST

COMMIT = "c" * 40
REF = "hf:org/tiny@v1"


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as a download of one model at one commit needs."""

    def do_GET(self):
        self.answer(body=True)

    def do_HEAD(self):
        self.answer(body=False)

    def answer(self, *, body):
        files = self.server.files
        path = self.path.split("?")[0]
        if path == "/api/models/org/tiny/revision/v1":
            self.say(
                json.dumps({"id": "org/tiny", "sha": COMMIT, "siblings": [listed(n, c) for n, c in files.items()]})
            )
            return
        name = path.removeprefix(f"/org/tiny/resolve/{COMMIT}/")
        if name not in files:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.server.asked.append(name)
        content = self.server.damaged.get(name, files[name])
        self.send_response(200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{hashlib.sha256(files[name]).hexdigest()}"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if body:
            self.wfile.write(content)

    def say(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def listed(name, content):
    entry = {"rfilename": name, "size": len(content), "blobId": "b" * 40}
    if name.endswith(".safetensors"):
        entry["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 100}
    return entry


@pytest.fixture
def hub(tiny_projected_bert):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    paths = [path for path in tiny_projected_bert.rglob("*") if path.is_file()]
    server.files = {path.relative_to(tiny_projected_bert).as_posix(): path.read_bytes() for path in paths}
    server.files |= {"onnx/model.onnx": b"o", "pytorch_model.bin": b"p", "code.py": b"c", "onnx/config.json": b"{}"}
    server.asked, server.damaged = [], {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_plan_says_what_and_how_large_and_downloads_nothing(hub):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)

    names = [file.name for file in plan.files]
    assert "model.safetensors" in names
    assert not {"onnx/model.onnx", "onnx/config.json", "pytorch_model.bin", "code.py"} & set(names)
    assert plan.n_bytes == sum(len(hub.files[name]) for name in names)
    assert f"{len(names)} files" in plan.statement
    assert hub.asked == []


def test_a_pulled_model_loads_and_says_its_hash(hub, tmp_path):
    progress = []
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    pull(plan, into=tmp_path, on_progress=lambda done, total: progress.append((done, total)))

    with load_embedder(REF, runtime="torch-float32", cache=tmp_path) as embedder:
        assert embedder.embed(["red"]).shape == (1, 16)
        assert len(embedder.use.sha256) == 64
    assert progress[-1] == (plan.n_bytes, plan.n_bytes)


def test_pulling_again_replaces_the_model(hub, tmp_path):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    first = pull(plan, into=tmp_path)
    (first / "model.safetensors").write_bytes(b"changed")

    again = pull(plan, into=tmp_path)

    assert (again / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert [path.name for path in again.parent.iterdir()] == [again.name]


def test_a_complete_model_is_not_downloaded_again(hub, tmp_path):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    first = pull(plan, into=tmp_path)
    hub.asked.clear()
    progress = []

    assert pull(plan, into=tmp_path, on_progress=lambda *told: progress.append(told)) == first

    assert hub.asked == []
    assert progress == [(plan.n_bytes, plan.n_bytes)]


@pytest.mark.parametrize("name", ["config.json", MANIFEST])
def test_a_model_that_lacks_a_file_is_completed(hub, tmp_path, name):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    (pull(plan, into=tmp_path) / name).unlink()

    assert (pull(plan, into=tmp_path) / name).is_file()


def test_another_commit_is_downloaded(hub, tmp_path):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    folder = pull(plan, into=tmp_path)
    note = folder / MANIFEST
    note.write_text(note.read_text().replace(COMMIT, "d" * 40))
    hub.asked.clear()

    pull(plan, into=tmp_path)

    assert "model.safetensors" in hub.asked
    assert COMMIT in note.read_text()


def test_the_model_before_stays_when_the_new_one_cannot_take_its_place(hub, tmp_path, monkeypatch):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)
    folder = pull(plan, into=tmp_path)
    names = {path.name for path in folder.iterdir()}
    (folder / "config.json").write_bytes(b"{}")

    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ModelError, match="Permission denied"):
        pull(plan, into=tmp_path)

    assert {path.name for path in folder.iterdir()} == names


def test_a_full_disk_is_no_missing_connection(hub, tmp_path, monkeypatch):
    plan = plan_pull(REF, slot="embedding", endpoint=hub.address)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    with pytest.raises(ModelError, match="No space left on device") as caught:
        pull(plan, into=tmp_path)

    assert "cannot be reached" not in str(caught.value)
    assert "room" in caught.value.hint


def test_a_name_that_the_hub_does_not_allow_is_told(hub):
    with pytest.raises(ModelError, match=r"no such names.*na--me"):
        plan_pull("hf:org/na--me", slot="embedding", endpoint=hub.address)


def test_a_damaged_download_is_refused_and_leaves_no_model(hub, tmp_path):
    content = hub.files["model.safetensors"]
    hub.damaged["model.safetensors"] = bytes(len(content))

    with pytest.raises(HashMismatch, match=r"model\.safetensors"):
        pull(plan_pull(REF, slot="embedding", endpoint=hub.address), into=tmp_path)

    with pytest.raises(ModelError, match="there is no folder"):
        load_embedder(REF, runtime="torch-float32", cache=tmp_path)


def test_a_model_that_the_hub_does_not_have_is_named(hub):
    with pytest.raises(ModelError, match="no such model"):
        plan_pull("hf:org/other@v1", slot="embedding", endpoint=hub.address)


def test_a_model_without_weights_is_refused(hub):
    hub.files = {"config.json": b"{}"}

    with pytest.raises(ModelError, match="no weights"):
        plan_pull(REF, slot="embedding", endpoint=hub.address)


def test_without_a_connection_the_hint_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(ModelError, match="cannot be reached") as caught:
        plan_pull(REF, slot="embedding", endpoint=f"http://127.0.0.1:{port}")

    assert "bundled" in caught.value.hint


def test_only_hub_models_can_be_pulled():
    with pytest.raises(ModelError, match="no model of the hub"):
        plan_pull("bundled:all-MiniLM-L6-v2", slot="embedding")
