"""Documents that were read are kept, the latest of them, and none that was read before all were forgotten."""

from __future__ import annotations

import threading

from app.texts import Texts

WAIT_S = 10


def test_the_latest_are_kept_until_they_are_forgotten():
    read = []
    texts = Texts(lambda *key: read.append(key) or key, 2)
    for name in "aababca":
        assert texts.of(name, "1") == (name, "1")
    assert [name for name, _ in read] == ["a", "b", "c", "a"]
    texts.forget()
    texts.of("a", "1")
    assert [name for name, _ in read] == ["a", "b", "c", "a", "a"]


def test_what_is_read_while_all_is_forgotten_is_not_kept():
    reading, go = threading.Event(), threading.Event()
    words = ["of a document that is removed"]

    def read(*_):
        found = words[-1]
        reading.set()
        assert go.wait(WAIT_S)
        return found

    texts = Texts(read, 2)
    page = threading.Thread(target=texts.of, args=("a", "1"))
    page.start()
    assert reading.wait(WAIT_S)
    words.append("")
    texts.forget()
    go.set()
    page.join(WAIT_S)
    assert texts.of("a", "1") == ""
