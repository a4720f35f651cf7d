"""What a stored answer holds of a removed document goes, wherever it stands in the record."""

import json

from rag.stores.redaction import redact, sources


def cited(document, text):
    return {"text": text, "repaired_from": f"Draft of {text}", "citations": [{"document": document, "quote": text}]}


def test_candidates_repairs_readings_and_choices_of_a_removed_document_go():
    record = {
        "answer": "Kept words.",
        "statements": [cited("kept", "Kept words."), cited("gone", "Secret words.")],
        "candidates": [
            {"answer": "Kept words.", "probability": 0.6, "why": "", "statements": [cited("kept", "Kept words.")]},
            {
                "answer": "Secret other words.",
                "probability": 0.5,
                "why": "“Secret plan” says less.",
                "statements": [cited("gone", "Secret other words.")],
            },
        ],
        "readings": ["What does “Secret plan” say?"],
        "query": {"text": "plan?", "choices": ["Secret plan › Secret heading"]},
        "passages": [{"document": "kept", "chunk": "kept@v1:0-9", "text": "Kept words."}],
    }
    assert sources(record) >= {"gone", "kept"}
    kept = redact(record, "gone", texts=["Secret words. Secret other words."], at="2026-11-20")
    told = json.dumps(kept)
    assert "Secret" not in told
    assert kept["statements"][0] == record["statements"][0]
    assert kept["candidates"][0] == record["candidates"][0]
    assert [each["probability"] for each in kept["candidates"]] == [0.6, 0.5]


def test_a_question_that_was_completed_with_words_of_a_removed_document_is_as_it_was_asked():
    carried = {"text": "Mara Lindqvist", "document": "gone", "chunk": "gone@v1:0-9", "start": 0, "end": 14}
    query = {
        "original": "her number?",
        "text": "her number? (Mara Lindqvist)",
        "kind": "question",
        "terms": ["number", "mara", "lindqvist"],
        "carried": [carried],
    }
    record = {"question": "her number?", "query": query, "statements": [], "missing": ["Lindqvist"]}
    assert "gone" in sources(record)
    kept = redact(record, "gone", texts=["Mara Lindqvist leads."], at="2026-11-20")
    assert "lindqvist" not in json.dumps(kept).casefold()
    assert kept["query"]["text"] == "her number?"
    # Ids and spans stay, as everywhere; and what came from another document stays with it.
    assert kept["query"]["carried"][0]["document"] == "gone"
    assert redact(record, "other", texts=["Nothing."], at="2026-11-20")["query"] == query
