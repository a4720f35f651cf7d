"""The desk sets and the further questions keep what `corpus/README.md` says of them."""

import csv
import gzip
import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from rag import lexis
from rag.ingest.parsers.parsed import LoadLimits
from rag.ingest.parsers.read import read
from rag.training.readings.further import further

CORPUS = Path(__file__).parents[2] / "corpus"
DESKS = sorted(path for path in (CORPUS / "desk").iterdir() if path.is_dir())
WORKPLACES = CORPUS / "asked" / "workplaces.jsonl.gz"
FURTHER = sorted(set((CORPUS / "asked").glob("*.jsonl.gz")) - {WORKPLACES})


def squeezed(text: str) -> str:
    return " ".join(text.split())


def _text(path: Path, folder: Path) -> str:
    """What a document says: written as it is, or as it is read from its format."""
    if path.suffix in {".md", ".txt"}:
        return path.read_text("utf-8")
    document = read(str(path), path.name, str(folder), asdict(LoadLimits(ocr="off"))).document
    return "\n".join(block.text for block in document.blocks)


@pytest.fixture(scope="module", params=DESKS, ids=lambda path: path.name)
def desk(request, tmp_path_factory) -> tuple[dict[str, str], list[dict], dict[str, list[str]]]:
    """Documents, questions and which documents answer which."""
    folder = tmp_path_factory.mktemp("desk")
    documents = {path.name: squeezed(_text(path, folder)) for path in (request.param / "documents").iterdir()}
    queries = [json.loads(line) for line in (request.param / "queries.jsonl").read_text("utf-8").splitlines()]
    with (request.param / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    assert rows[0] == ["query-id", "corpus-id", "score"]
    qrels: dict[str, list[str]] = {}
    for query_id, document_id, _ in rows[1:]:
        qrels.setdefault(query_id, []).append(document_id)
    return documents, queries, qrels


def test_every_answer_stands_in_its_sentence_and_that_in_its_document(desk) -> None:
    documents, queries, qrels = desk
    assert len({query["_id"] for query in queries}) == len(queries)
    answerable = [query for query in queries if query["metadata"]["answerable"]]
    assert {query["_id"] for query in answerable} == set(qrels)
    for query in answerable:
        known = query["metadata"]
        sentence = squeezed(known["sentence"])
        assert squeezed(known["answers"][0]) in sentence, query["_id"]
        assert any(sentence in documents[each] for each in qrels[query["_id"]]), query["_id"]


def test_a_question_without_an_answer_names_the_document_that_comes_nearest_or_is_plain(desk) -> None:
    documents, queries, _ = desk
    impossible = [query["metadata"] for query in queries if not query["metadata"]["answerable"]]
    assert 0.2 <= len(impossible) / len(queries) <= 0.35
    for known in impossible:
        assert known["answers"] == []
        assert known["split"] == "plain" or known["near"] in documents


def test_a_third_of_the_plain_questions_has_no_answer(desk) -> None:
    _, queries, _ = desk
    plain = [query for query in queries if query["metadata"]["split"] == "plain"]
    assert len(plain) in {30, 39}
    assert sum(not query["metadata"]["answerable"] for query in plain) * 3 == len(plain)
    assert all(len(query["text"].split()) <= 14 for query in plain)
    assert {query["metadata"]["split"] for query in queries} == {"hard", "plain"}


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode("utf-8").split("\n") if line]


@pytest.mark.parametrize("path", FURTHER, ids=lambda path: path.name)
def test_further_questions_name_a_passage_and_are_told_only_where_they_are_answered(path: Path) -> None:
    lines = lines_of(path)
    # Each once, or once with a short answer and once as it is told.
    assert (
        len({(line["passage"], line["question"].casefold(), "answer" in line) for line in lines}) == len(lines) > 1000
    )
    # Some want more than a phrase: they are told and have no short answer.
    short = [line for line in lines if "answer" in line]
    for line in lines:
        assert re.fullmatch(r"[0-9a-f]{12}", line["passage"])
        assert line.get("unmet", line["question"]) in line["question"]
        if "answer" in line:
            assert set(line) <= {"passage", "question", "answer", *(["unmet"] if line["answer"] is None else ["told"])}
        else:
            assert set(line) == {"passage", "question", "told"}
            assert len(line["told"].split()) >= 4
    impossible = sum(line["answer"] is None for line in short)
    assert 0.5 < impossible / len(short) < 0.65


def test_what_is_asked_of_workplaces_is_answered_by_their_own_passages_or_by_none() -> None:
    (own,) = further(WORKPLACES, [])
    passages, asked = own.questions.paragraphs, own.questions.asked
    assert len({passage.text for passage in passages}) == len(passages) > 2000
    assert {each.paragraph for each in asked} == {place for _, place, _ in own.impossible} == set(range(len(passages)))
    assert len({(each.paragraph, each.question) for each in asked}) == len(asked)
    assert 0.3 < len(own.impossible) / (len(own.impossible) + len(asked)) < 0.4
    stems = [lexis.stems(passage.text) for passage in passages]
    words = [lexis.stems(each.question) for each in asked]
    n_shared = [len(of_question & stems[each.paragraph]) for of_question, each in zip(words, asked, strict=True)]
    assert sum(n_shared) / sum(map(len, words)) < 0.5
