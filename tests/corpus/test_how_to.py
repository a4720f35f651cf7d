"""The how-to sets keep what `corpus/README.md` says of them."""

import csv
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from rag.evaluation.squad import normalized
from rag.ingest.parsers.parsed import LoadLimits
from rag.ingest.parsers.read import read

SETS = sorted(path for path in (Path(__file__).parents[2] / "corpus" / "how-to").iterdir() if path.is_dir())


def text_of(path: Path, folder: Path) -> str:
    document = read(str(path), path.name, str(folder), asdict(LoadLimits(ocr="off"))).document
    return " ".join(normalized("\n".join(block.text for block in document.blocks)))


@pytest.mark.parametrize("folder", SETS, ids=lambda path: path.name)
def test_every_answer_and_item_stands_in_a_document_that_answers(folder: Path, tmp_path: Path) -> None:
    root = folder / "documents"
    documents = {
        str(path.relative_to(root)): text_of(path, tmp_path) for path in sorted(root.rglob("*")) if path.is_file()
    }
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows[0] == ["query-id", "corpus-id", "score"]
    qrels: dict[str, list[str]] = {}
    for query_id, document_id, _ in rows[1:]:
        qrels.setdefault(query_id, []).append(document_id)
    assert len(documents) == 20
    assert len({query["_id"] for query in queries}) == len(queries) == 100
    asked = {query["_id"]: query["metadata"] for query in queries}
    assert {key for key, known in asked.items() if known["answerable"]} == set(qrels)
    lists = [known for known in asked.values() if known["type"] == "list"]
    assert len(lists) == 45
    assert all(len(known["items"]) > 1 for known in lists)
    assert sum(not known["answerable"] for known in asked.values()) == 30
    for key, known in asked.items():
        if known["answerable"]:
            told = [known["answers"][0], *(item[0] for item in known.get("items", ()))]
            held = [documents[each] for each in qrels[key]]
            assert not [each for each in told if not any(" ".join(normalized(each)) in text for text in held)], key
        else:
            assert (known["answers"], known["near"] in documents) == ([], True), key
