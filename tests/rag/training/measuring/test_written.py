"""What is written and what is quoted, measured against what a person says."""

import numpy as np
import pytest

from rag.errors import InputError
from rag.evaluation.dataset import read_dataset
from rag.protocols import Excerpt
from rag.training.measuring.measures import rouge_l
from rag.training.measuring.written import measure_answers, measure_quotes, measure_writer, quoted
from rag.training.writings.given import Writing
from tests.rag.training.conftest import write_lines

EXCERPTS = (Excerpt("Gate", ("The gate is red.", "It was opened in 1950.", "Nobody knows why.")),)


class ByWords:
    """A highlighter that counts shared letters of the first word, and a verifier that looks for the claim."""

    def highlight(self, question, passages, spans):
        wanted = set(question.casefold().split())
        return [
            np.array([len(wanted & set(text[a:b].casefold().strip(".").split())) for a, b in found], dtype=np.float32)
            for text, found in zip(passages, spans, strict=True)
        ]

    def find(self, question, passages):
        return [None for _ in passages]

    def support(self, claims, sources):
        return np.array(
            [float(claim in source) for claim, source in zip(claims, sources, strict=True)], dtype=np.float32
        )


class Scripted:
    def __init__(self, answers):
        self.answers = answers

    def write(self, question, excerpts, *, max_tokens):
        yield from self.answers.get(question, ())


def writing(question, target):
    return Writing(question, EXCERPTS, target, "toy", "Gate")


def test_rouge_l_is_the_f1_of_the_longest_common_subsequence():
    assert rouge_l("The cat sat on the mat.", ["cat sat mat"]) == pytest.approx(2 * 3 / (4 + 3))
    assert rouge_l("c b", ["b c"]) == pytest.approx(0.5)
    assert rouge_l("", ["b"]) == 0.0
    assert rouge_l("b", ["x", "b"]) == 1.0


def test_the_best_sentences_are_quoted_as_they_stand():
    assert quoted(ByWords(), "when was it opened", EXCERPTS) == "It was opened in 1950."


def test_a_writer_is_measured_by_words_support_and_refusals():
    cases = [
        writing("When?", "It was opened in 1950."),
        writing("Why?", ""),
        writing("Who?", "Anna opened it."),
    ]
    model = Scripted({"When?": ["It was opened in 1950."], "Why?": ["The gate is green."], "Who?": []})
    found = measure_writer(model, ByWords(), cases).figures()
    assert found["refuses rightly"] == pytest.approx(1 / 3)
    assert found["token f1"] == pytest.approx(0.5)
    # By case: who writes nothing says nothing wrong.
    assert found["supported sentences"] == pytest.approx(2 / 3)
    # "green" stands nowhere.
    assert found["words of the source"] == pytest.approx((1 + 0.5 + 1) / 3)
    quotes = measure_quotes(ByWords(), cases).figures()
    assert set(quotes) == {"token f1", "rouge-l"}


def test_a_set_is_measured_quoted_and_written_side_by_side(tmp_path):
    folder = labelled(tmp_path / "set", passage="d0")
    model = Scripted({"when was it opened": ["The gate was opened in 1950."]})
    found = measure_answers(model, ByWords(), ByWords(), read_dataset(folder))
    assert found["written f1"] > found["quoted f1"] > 0
    assert found["written support"] == 0.0
    assert found["refused, unanswerable"] == 1.0
    assert found["answerable"] == 1.0


def test_a_question_without_its_passage_is_named(tmp_path):
    with pytest.raises(InputError, match="'q0' of 'set' names no passage"):
        measure_answers(Scripted({}), ByWords(), ByWords(), read_dataset(labelled(tmp_path / "set", passage="none")))


def labelled(folder, *, passage):
    (folder / "qrels").mkdir(parents=True)
    text = " ".join(EXCERPTS[0].sentences)
    write_lines(folder / "corpus.jsonl", [{"_id": "d0", "title": "Gate", "text": text}])
    answers = {"answers": ["The gate was opened in 1950."], "answerable": True, "passage": passage}
    write_lines(
        folder / "queries.jsonl",
        [
            {"_id": "q0", "text": "when was it opened", "metadata": answers},
            {"_id": "q1", "text": "who painted it", "metadata": {"answerable": False, "passage": "d0"}},
        ],
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq0\td0\t1\n", encoding="utf-8")
    return folder


def test_a_long_passage_is_shown_to_the_verifier_in_parts_that_it_reads_whole():
    long = Excerpt("Gate", tuple(f"Sentence {n} of the gate has just ten words in it." for n in range(60)))

    class Reads(ByWords):
        def support(self, claims, sources):
            assert all(len(source.split()) <= 120 for source in sources)
            return super().support(claims, sources)

    class Copies:
        def write(self, question, excerpts, *, max_tokens):
            yield from (excerpts[0].sentences[0], excerpts[0].sentences[31], excerpts[0].sentences[59])

    case = Writing("Which?", (long,), "Sentence 31 of the gate.", "toy", "Gate")
    assert measure_writer(Copies(), Reads(), [case]).figures()["supported sentences"] == 1.0
