"""What is read off evidence and statements, each signal in 0..1."""

from dataclasses import replace

import pytest

from rag import lexis
from rag.ask.quoting.quotable import quotable
from rag.ask.signals import SIGNALS, signals
from rag.protocols import Found
from rag.types import Citation, Statement, Trail, TrailRow
from tests.rag.ask.conftest import WordHighlighter

QUESTION = "How long is the warranty of the Kestrel 4?"
SENTENCE = "The Kestrel 4 has a warranty of 24 months."


def cite(hit, text):
    chunk = hit.passage.chunk
    start = chunk.text.index(text)
    place = (chunk.page, chunk.headings, chunk.start + start, chunk.start + start + len(text))
    return Citation(1, chunk.document_id, hit.passage.title, chunk.version, chunk.id, *place, text)


def own(passage, document):
    return replace(passage, chunk=replace(passage.chunk, document_id=document, id=f"{document}@v:0-9"))


@pytest.fixture
def read(evidence_of, highlighter):
    def run(*texts, question=QUESTION, sentence=SENTENCE, support=1.0, features=None, phrase=None, reader=highlighter):
        evidence = evidence_of(question, *texts)
        hits = tuple(
            replace(hit, passage=own(hit.passage, f"d{n}"), features={"cosine": 0.5, **each})
            for n, (hit, each) in enumerate(zip(evidence.hits, features or [{}] * len(evidence.hits), strict=True))
        )
        evidence = replace(evidence, hits=hits)
        source = next((hit for hit in hits if sentence in hit.passage.chunk.text), None)
        said = [Statement(sentence, support, (cite(source, sentence),), phrase)] if source else []
        weights = dict.fromkeys(lexis.terms(question), 1.0)
        return signals(evidence, said, hits, reader, weights, quotable(question, hits, highlighter))

    return run


class Reads(WordHighlighter):
    """A reader that remembers what it read: a text answers the less the longer it is."""

    def __init__(self):
        self.texts = []

    def find(self, question, passages):
        self.texts += passages
        return [Found(0.0, 10 / (10 + len(text)), None, 0.0) for text in passages]


def test_every_signal_is_told_in_words_and_lies_between_0_and_1(read):
    features = [{"answers": 0.9, "rerank": 0.7}, {"rerank": 0.2}]
    found = read(SENTENCE, "Nothing else here.", features=features, reader=Reads())
    assert set(found) == set(SIGNALS) - {"called"}
    assert all(0 <= value <= 1 for value in found.values())


def test_a_list_is_judged_by_what_it_is_called(evidence_of, highlighter):
    def read(question):
        text = "Resetting the Kestrel 4\n\n1. Push the clip in.\n2. Wait until the light is green."
        evidence = evidence_of(question, text)
        (hit,) = evidence.hits
        told = [Statement(line, 1.0, (cite(hit, line),), item=True) for line in text.split("\n")[2:]]
        return signals(evidence, told, evidence.hits, highlighter, {}, quotable(question, evidence.hits, highlighter))

    found = read("How do I reset the Kestrel 4?")
    assert not {"chosen", "focus", "phrase"} & set(found)
    assert 1 >= found["called"] > read("How do I clean the lamp?")["called"]


def test_without_evidence_nothing_speaks_for_an_answer(read):
    found = read()
    assert {found[name] for name in ("cosine", "rerank", "statement", "support_min", "coverage", "rank")} == {0.0}


def test_what_no_model_has_read_is_left_out(read):
    unread = {"alone", "answers", "answers_margin", "met", "phrase", "rerank", "rerank_margin"}
    assert not unread & set(read(SENTENCE))


def test_a_cited_sentence_is_read_by_itself_below_its_title(read):
    reader = Reads()
    found = read(f"{SENTENCE} It may be registered in the app.", reader=reader)
    assert reader.texts[0] == f"Manual\n{SENTENCE}"
    assert found["alone"] == pytest.approx(10 / (10 + len(reader.texts[0])))


def test_the_chance_of_the_cited_sentence_is_its_share_among_those_that_could_be_quoted(read):
    other = "The Kestrel 4 has a warranty of many months."
    alone = read(SENTENCE)["chosen"]
    beside = read(f"{SENTENCE} {other} It is blue and light.")["chosen"]
    assert alone == pytest.approx(1.0)
    assert 0.3 < beside < 0.9
    assert read("Nothing here at all.")["chosen"] == 0.0


def test_the_readers_chance_is_that_of_the_cited_passage_and_its_lead_over_all(read):
    found = read("Nothing here.", SENTENCE, features=[{"answers": 0.3}, {"answers": 0.8, "met": 1.0, "phrase": 0.6}])
    assert (found["answers"], found["met"], found["phrase"]) == (0.8, 1.0, 0.6)
    assert found["answers_margin"] == pytest.approx(0.5)


def test_a_number_that_no_cited_sentence_holds_may_be_presumed(read):
    held = read(SENTENCE)["presumed"]
    presumed = read(SENTENCE, question="How long is the warranty of the Kestrel 9?")["presumed"]
    assert presumed < held == 1.0


def test_the_rarest_word_that_no_cited_passage_holds_is_missing(read):
    assert read(SENTENCE, question="warranty Kestrel submarine?")["missing"] == 1.0
    assert read(SENTENCE, question="warranty Kestrel?")["missing"] == 0.0


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("How many months is the warranty?", "The warranty lasts 24 months.", 1.0),
        ("How many months is the warranty?", "The warranty lasts some months.", 0.0),
        ("When does the warranty end?", "The warranty ends in March.", 1.0),
        ("Who grants the warranty?", "The warranty is granted by Anna Bell.", 1.0),
        ("Who grants the warranty?", "The warranty is granted by nobody.", 0.0),
        ("Is there a warranty?", "The warranty lasts 24 months.", 0.5),
    ],
)
def test_the_kind_of_answer_that_is_asked_for_is_looked_for(read, question, sentence, kind):
    assert read(sentence, question=question, sentence=sentence)["kind"] == kind


def test_documents_that_hold_the_answers_own_words_agree(read):
    other = "A warranty of 24 months holds for every Kestrel model."
    agreeing = read(SENTENCE, other, phrase=(SENTENCE.index("24"), len(SENTENCE) - 1))
    alone = read(SENTENCE, "The kettle is blue.", phrase=(SENTENCE.index("24"), len(SENTENCE) - 1))
    assert agreeing["agreement"] == pytest.approx(1 / 3)
    assert alone["agreement"] == 0.0


def test_a_document_that_is_no_longer_in_force_is_seen(read):
    assert read(SENTENCE, features=[{"in_force": 0.0}])["standing"] == 0.0
    assert read(SENTENCE)["standing"] == 1.0


def test_the_weakest_sentence_decides_on_support(read):
    assert read(SENTENCE, support=0.6)["support_min"] == 0.6


def test_a_way_through_tables_speaks_for_its_rows_only(evidence_of, highlighter):
    row = "Wick | Rowan"
    evidence = evidence_of("Which team has the wick?", "The wick is old.", row)
    trail = Trail((TrailRow(evidence.hits[1].passage.chunk.id, row, (7, 12)),), 0.75)
    said = [Statement(row, 1.0, (cite(evidence.hits[1], row),))]
    hits = evidence.hits

    def share(evidence, statements):
        found = signals(evidence, statements, hits, highlighter, {"wick": 1.0}, ())
        # Rows that a way led to need not stand far up; all others must.
        assert found["rank"] == max(1 / 2, found["trail"])
        return found["trail"]

    assert share(replace(evidence, trail=trail), said) == 0.75
    assert share(replace(evidence, trail=trail), [replace(said[0], text="Another row | of it")]) == 0
    assert share(evidence, said) == 0
