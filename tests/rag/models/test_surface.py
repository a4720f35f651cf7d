"""What was written in small letters is spelled as in its sources."""

import pytest

from rag.models.bundled import bundled_folder
from rag.models.surface import spelled
from rag.models.writer_input import WriterTokens
from rag.protocols import Excerpt

SENTENCES = (
    "Seasonality is regular. It was shown by Wilhelm Röntgen (1845–1923), a well-known physicist.",
    'May and June are "warm" months in the U.S., and the Hour costs $1,499.50.',
)


@pytest.fixture(scope="module")
def tokens():
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled_folder("all-MiniLM-L6-v2", slot="embedding") / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return WriterTokens(tokenizer, max_tokens=256)


def retold(tokens, text, question="who was Röntgen"):
    read = tokens.read("answer", question, [Excerpt("X-rays", SENTENCES)])
    ids = tokens.encode([text])[0]
    return spelled(ids, tokens.pieces(ids), read.sources)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("it was shown by wilhelm rontgen.", "It was shown by Wilhelm Röntgen."),
        ("wilhelm rontgen (1845–1923) is a well-known physicist.",) * 1
        + ("Wilhelm Röntgen (1845–1923) is a well-known physicist.",),
        ("here seasonality is regular.", "Here seasonality is regular."),
        ("it costs $1,499.50. june is warm.", "It costs $1,499.50. June is warm."),
        ("in may it is warm in the u.s., and june.", "In May it is warm in the U.S., and June."),
        ("months cost the hour.", "Months cost the Hour."),
        ("unheard of, wilhelm rontgen's hour.", "Unheard of, Wilhelm Röntgen's Hour."),
    ],
)
def test_capitals_accents_and_spaces_come_from_the_source(tokens, written, text):
    assert retold(tokens, written) == text


def test_a_source_copied_whole_is_given_back_to_the_letter(tokens):
    for sentence in SENTENCES:
        assert retold(tokens, sentence) == sentence


def test_quotation_marks_open_and_close(tokens):
    assert retold(tokens, 'the "hour" is "warm".') == 'The "Hour" is "warm".'
