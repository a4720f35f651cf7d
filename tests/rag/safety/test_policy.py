"""The policy file: what it asks for a question, and what is said of each mistake in it."""

from __future__ import annotations

import hashlib

import pytest

from rag.errors import SettingsError
from rag.safety.policy import NAME, default_text, read_policy, rule_on

LEGAL = """version = "acme/3"

[[topics]]
name = "legal advice"
action = "hand_over"
to = "legal@example.com"
words = ["lawsuit"]
examples = ["Can I take the company to court?"]
threshold = 0.6

[[caveats]]
name = "prices"
text = "Prices may be out of date."
words = ["price"]
"""
ANSWERS = 'version = "1"\n[answers]\n'
TOPIC = 'version = "1"\n[[topics]]\nname = "x"\nwords = ["y"]\n'
MORE = '[[topics]]\nwords = ["z"]\n'


@pytest.fixture
def written(tmp_path):
    def _written(text: str):
        path = tmp_path / NAME
        path.write_text(text, encoding="utf-8")
        return read_policy(path)

    return _written


def test_without_a_file_the_documented_default_holds(tmp_path):
    policy = read_policy(tmp_path / NAME)
    assert policy.version == "default/1"
    assert policy.use.sha256 == hashlib.sha256(default_text().encode()).hexdigest()
    assert "EMAIL_ADDRESS" in policy.masking.copies


def test_version_and_hash_of_the_file_are_what_receipts_name(written):
    assert written(LEGAL).use.ref == "policy:acme/3"
    assert written(LEGAL).use.sha256 == hashlib.sha256(LEGAL.encode()).hexdigest()


@pytest.mark.parametrize("question", ["Is there a lawsuit?", "How can I bring the company to court?"])
def test_a_topic_is_found_by_words_and_by_meaning(question, written, minilm):
    assert "legal@example.com" in rule_on(question, written(LEGAL), minilm).refusal


def test_other_questions_pass_and_a_caveat_is_a_note(written, minilm):
    ruling = rule_on("What is the price of the Kestrel 5?", written(LEGAL), minilm)
    assert (ruling.refusal, ruling.notes) == ("", ("Prices may be out of date.",))
    assert rule_on("How long is the warranty?", written(LEGAL), minilm).notes == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'version = "1"\n[answers]\nmin_confidence = 2\n',
            ("line 3", "answers.min_confidence", "expected a number from 0 to 1, got 2"),
        ),
        (
            'version = "1"\n[answers]\nmin_confidense = 0.5\n',
            ("line 3", "no such key", "did you mean 'min_confidence'"),
        ),
        ("[answers]\nmin_confidence = 0.5\n", ("'version': is missing",)),
        (
            'version = "1"\n\n[[topics]]\nname = "x"\naction = "shout"\nwords = ["y"]\n',
            ("line 5", "topics.1.action", "'shout'"),
        ),
        (
            'version = "1"\n[[topics]]\nname = "x"\naction = "hand_over"\nwords = ["y"]\n',
            ("line 2", "the person or desk"),
        ),
        ('version = "1"\n[[topics]]\nname = "x"\naction = "refuse"\n', ("line 2", "needs 'words' or 'examples'")),
        ('version = "1"\n[masking]\ncopies = ["EMAIL"]\n', ("line 3", "masking.copies", "'EMAIL'")),
        (
            'version = "1"\n[masking]\ncontacts = ["help@acme.example", "our desk"]\n',
            ("line 3", "masking.contacts.2", "expected an e-mail address, a domain", "got 'our desk'"),
        ),
        ('version = "1"\n[masking]\ncontacts = "acme.example"\n', ("line 3", "masking.contacts", "a list of texts")),
        ('version = "1"\n[visible]\nnearest_passages = ["guest"]\n', ("line 3", "visible.nearest_passages", "'guest'")),
        ('version = "1"\n[answers\n', ("not TOML", "line 2, '[answers': the name of a table does not end with ']'.")),
        ('version = "1\n', ("line 1, ", "quotation marks does not end in its line.")),
        ("version = '1\n", ("line 1, ", "quotation marks does not end in its line.")),
        ('version = "1"\nversion = "2"\n', ("line 2, ", "the key stands there a second time.")),
        (f"{ANSWERS}refuse_overrides = True\n", ("line 3, ", "true and false are written small.")),
        (f"{ANSWERS}min_confidence = 0,5\n", ("line 3, 'min_confidence = 0,5'", "the line goes on behind")),
        ("[masking]\ncopies = [\n", ("line 2, 'copies = ['",)),
        ("version = 1\n", ("line 1", "version", "expected a text in quotation marks, got 1")),
        ('version = "1"\nmasking.copies = ["EMAIL"]\n', ("line 2", "masking.copies", "'EMAIL'")),
        ('version = "1"\nanswers = {min_confidence = 2}\n', ("line 2", "answers.min_confidence")),
        (
            'version = "1"\n[[topics]]\nname = "x"\naction = "refuse"\nwords = ["y", "?"]\n',
            ("line 5", "topics.1.words", "letter or digit", "'?'"),
        ),
        (
            'version = "1"\n[[caveats]]\nname = "x"\ntext = "y"\nwords = [""]\n',
            ("line 5", "caveats.1.words", "letter or digit", "''"),
        ),
        (f"{ANSWERS}min_confidence = true\n", ("line 3", "answers.min_confidence", "from 0 to 1, got true")),
        (f'{ANSWERS}min_confidence = "0.9"\n', ("line 3", "answers.min_confidence", "from 0 to 1, got '0.9'")),
        (f"{ANSWERS}min_confidence = nan\n", ("line 3", "answers.min_confidence", "from 0 to 1, got nan")),
        (f'{ANSWERS}refuse_overrides = "no"\n', ("line 3", "refuse_overrides", "expected true or false, got 'no'")),
        (f"{ANSWERS}refuse_overrides = 0\n", ("line 3", "refuse_overrides", "expected true or false, got 0")),
        (
            f'{TOPIC}action = "refuse"\nthreshold = true\n',
            ("line 6", "topics.1.threshold", "above 0, at most 1, got true"),
        ),
        (f'{TOPIC}action = "hand_over"\nto = " "\n', ("line 6", "topics.1.to", "the person or desk", "' '")),
        (
            f'{TOPIC}action = "refuse"\nto = "Ann"\n',
            ("line 6", "topics.1.to", "expected none beside action = 'refuse', got 'Ann'", "leave it out"),
        ),
        (
            f'{TOPIC}action = "refuse"\n{MORE}name = "X "\naction = "hand_over"\nto = "Ann"\n',
            ("line 9", "topics.2.action", "topics.1", "action = 'refuse'", "got action = 'hand_over', to = 'Ann'"),
        ),
        ('version = "1"\n[masking]\nlogs = "URL"\n', ("line 3", "masking.logs", "expected a list of texts, got 'URL'")),
        ('version = "1"\n[visible]\nnearest_passages = true\n', ("line 3", "expected a list of texts, got true")),
        ('version = "1"\n[topics]\nname = "x"\n', ("line 2", "'topics': expected tables [[topics]], got a table")),
        ('version = "1"\nanswers = 1\n', ("line 2", "'answers': expected a table, got 1")),
        ("version = 2026-01-01\n", ("line 1", "expected a text in quotation marks, got 2026-01-01")),
        ('version = "1"\n[answers.bar]\nleast = 0.5\n', ("line 2", "answers.bar", "no such key")),
        (
            f"{ANSWERS}min_confidence = {'9' * 5000}\n",
            ("line 3, 'min_confidence = 999", "more digits than can be read"),
        ),
        (f"{ANSWERS}min_confidence = {'[' * 5000}\n", ("line 3, 'min_confidence = [[[", "too deep to be read")),
        (f'{TOPIC}action = "refuse"\nexamples = [" "]\n', ("line 6", "topics.1.examples.1", "letter or digit", "' '")),
    ],
)
def test_every_mistake_is_told_with_its_place(text, said, written):
    with pytest.raises(SettingsError) as caught:
        written(text)
    for piece in said:
        assert piece in str(caught.value)


def test_topics_of_one_name_that_agree_and_a_whole_number_are_no_mistakes(written):
    policy = written(
        f'{ANSWERS}min_confidence = 1\n{MORE}name = "x"\naction = "refuse"\n{MORE}name = "x"\naction = "refuse"\n'
    )
    assert (policy.answers.min_confidence, len(policy.topics)) == (1, 2)


def test_all_mistakes_are_told_at_once(written):
    with pytest.raises(SettingsError, match="2 mistakes"):
        written('version = ""\n[answers]\nmin_confidence = "high"\n')


def test_a_word_without_meaning_counts_as_a_word_of_its_own(written, minilm):
    policy = written('version = "1"\n[[topics]]\nname = "desk"\naction = "refuse"\nwords = ["IT"]\n')
    assert rule_on("Who leads IT here?", policy, minilm).refusal
    assert rule_on("What deposit is due?", policy, minilm).refusal == ""


def test_a_mark_at_the_beginning_of_the_file_is_no_mistake(tmp_path):
    (tmp_path / NAME).write_bytes('version = "acme/3"\n'.encode("utf-8-sig"))
    assert read_policy(tmp_path / NAME).version == "acme/3"


def test_what_nobody_can_mask_is_not_said_to_be_masked(tmp_path, written):
    for policy in (read_policy(tmp_path / "none.toml"), written('version = "1"\n')):
        assert "PERSON" not in policy.masking.logs | policy.masking.copies | policy.masking.exports
