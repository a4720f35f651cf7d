"""Question and answer told as one sentence, with the words of the source."""

import pytest

from rag.sentences import Span, sentence_spans
from rag.training.telling import Teller

TEXTS = (
    "The tower was built in 1889 by Gustave Eiffel. It began to lean in 1990, and people came to see it.",
    "Cyprus has two official languages. They want to win the race and to begin publishing in Lisbon.",
    "We do not want to want what others could want.",
    "Everyone will win, will begin, will have, will open or close. The company will publish the paper.",
    "To have and to hold, to receive and to open: we win, we have, we open. He received 22.4 million visitors in 2014.",
    "She could receive them and open it. They may receive it. The bridge opened on 3 May 1932 near the river Tagus.",
)


@pytest.fixture(scope="module")
def teller():
    return Teller(TEXTS * 3)


def tell(teller, question, text, answer):
    at = text.index(answer)
    spans = sentence_spans(text)
    around = next(span for span in spans if span.start <= at < span.end)
    return teller.tell(question, text, Span(at, at + len(answer)), around)


@pytest.mark.parametrize(
    ("question", "text", "answer", "told"),
    [
        (
            "Who built the tower?",
            "It was Gustave Eiffel who built the tower.",
            "Gustave Eiffel",
            "Gustave Eiffel built the tower.",
        ),
        ("When did the bridge open?", TEXTS[5], "3 May 1932", "The bridge opened on 3 May 1932."),
        ("When was the tower built?", TEXTS[0], "1889", "The tower was built in 1889."),
        ("How many official languages does Cyprus have?", TEXTS[1], "two", "Cyprus has two official languages."),
        ("The tower began to lean in what year?", TEXTS[0], "1990", "The tower began to lean in 1990."),
        ("What is the capital of Norway?", "The capital of Norway is Oslo.", "Oslo", "The capital of Norway is Oslo."),
        ("What did they want to win?", TEXTS[1], "race", "They wanted to win the race."),
        ("How many languages are there in Cyprus?", TEXTS[1], "two", "There are two languages in Cyprus."),
    ],
)
def test_verbs_and_small_words_find_their_form(teller, question, text, answer, told):
    assert tell(teller, question, text, answer) == told


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        # The number stands inside another one.
        ("How old was she?", "She was born in 1820.", "18"),
        # Nobody knows which of the verbs is meant, what follows, or why.
        ("What did the council do?", "The council did nothing.", "nothing"),
        ("Why did the engine stop?", "The engine stopped at noon.", "noon"),
        ("Is the tower open?", "The tower is open.", "open"),
        ("When was the last time the tower was built?", TEXTS[0], "1889"),
    ],
)
def test_what_is_not_sure_is_not_told(teller, question, text, answer):
    assert tell(teller, question, text, answer) is None
