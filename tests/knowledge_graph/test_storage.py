from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from knowledge_graph.extract import extract
from knowledge_graph.storage import GraphStore
from knowledge_graph.types import Extraction, SourceText


def extraction(name: str, text: str = "Anna Bell met Carl Dorn.") -> Extraction:
    return extract(SourceText(name, text))


class Stored:
    """Extractions as a catalog would keep them."""

    def __init__(self, *names: str) -> None:
        self.kept = {name: extraction(name) for name in names}
        self.loads = 0

    def load(self, space: str, index: str) -> list[Extraction]:
        self.loads += 1
        return list(self.kept.values()) if (space, index) == ("default", "i1") else []


def sources(store: GraphStore) -> tuple[str, ...]:
    return store.graph("default", "i1").snapshot().sources


def test_a_graph_is_loaded_once_and_kept():
    stored = Stored("a", "b")
    store = GraphStore(stored.load)
    assert sources(store) == sources(store) == ("a", "b")
    assert stored.loads == 1


def test_spaces_and_indexes_have_graphs_of_their_own():
    store = GraphStore(Stored("a").load)
    assert len(store.graph("default", "i1")) == 1
    assert len(store.graph("default", "i2")) == len(store.graph("other", "i1")) == 0


def test_changes_follow_the_store():
    store = GraphStore(Stored("a", "b").load)
    store.graph("default", "i1")
    store.apply("default", "i1", added=[extraction("c")], removed=["a", "unknown"])
    assert sources(store) == ("b", "c")


def test_a_change_before_the_first_use_is_left_to_the_load():
    stored = Stored("a")
    store = GraphStore(stored.load)
    stored.kept["b"] = extraction("b")
    store.apply("default", "i1", added=[stored.kept["b"]], removed=[])
    assert stored.loads == 0
    assert sources(store) == ("a", "b")


def test_a_change_stored_while_the_graph_loads_is_not_lost():
    began, changed = Event(), Event()

    def load(*_names: str) -> list[Extraction]:
        began.set()
        assert changed.wait(10)
        return [extraction("a")]

    store = GraphStore(load)
    with ThreadPoolExecutor(2) as pool:
        loading = pool.submit(store.graph, "default", "i1")
        assert began.wait(10)
        applying = pool.submit(store.apply, "default", "i1", [extraction("b")], ["a"])
        changed.set()
        loading.result(10)
        applying.result(10)
    assert sources(store) == ("b",)


def test_what_was_forgotten_is_loaded_again():
    stored = Stored("a")
    store = GraphStore(stored.load)
    store.graph("default", "i1")
    store.forget("default", "i1")
    assert sources(store) == ("a",)
    assert stored.loads == 2


def test_readers_see_whole_changes_while_a_writer_writes():
    store = GraphStore(Stored("a0", "a1").load)
    store.graph("default", "i1")
    start = Barrier(3)

    def write() -> None:
        start.wait()
        for n in range(30):
            added, removed = (("b0", "b1"), ("a0", "a1"))[:: 1 if n % 2 == 0 else -1]
            store.apply("default", "i1", [extraction(name) for name in added], removed)

    def read() -> set[tuple[str, ...]]:
        start.wait()
        return {
            tuple(sorted(near.source_id for near in store.graph("default", "i1").neighbours("Anna Bell", {}, limit=9)))
            for _ in range(60)
        }

    with ThreadPoolExecutor(3) as pool:
        writing, *reading = pool.submit(write), pool.submit(read), pool.submit(read)
        writing.result(60)
        seen = reading[0].result(60) | reading[1].result(60)
    assert seen <= {("a0", "a1"), ("b0", "b1")}
