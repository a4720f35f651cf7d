"""Answers of the documents to their own questions: "A: Yes, within 25 miles." is shown behind "Q: Do you deliver?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.ask.quoting.choice import question_above, rests_on
from rag.safety.orders import gives_orders
from rag.types import Hit, Statement

_MARK = r"A(?:nswer)?\s?\d*:\s*"
_YES_OR_NO = r"(?:(?:Sorry|Unfortunately|Well|I['’]m afraid),?\s+)?(?:Yes|No|Not yet|Of course(?: not)?|Never)"
# What an answer begins with, as a sentence of its own or as the beginning of one.
_BETWEEN = re.compile(rf"\s*(?P<mark>{_MARK})?(?P<said>{_YES_OR_NO}[.!]\s+)?", re.IGNORECASE)
_BEGINS = re.compile(rf"{_MARK}|{_YES_OR_NO}(?=\s*[,;:–—-])", re.IGNORECASE)


def with_question(statement: Statement, hits: Sequence[Hit]) -> Statement:
    """Return a statement with the question that it answers in the document, where it is understood only with that.

    "Yes" and "no" answer the question that they were written to; to one that is put the other way round they say the
    contrary. A sentence behind "No." leaves out the answer itself.

    Args:
        statement: Verified; one that rests on several spans stays as it is.
        hits: The passages that it may rest on.

    Returns:
        The statement behind its question, cited from there on.
    """
    cited, hit = rests_on(statement, hits)
    if hit is None:
        return statement
    chunk = hit.passage.chunk
    at = cited.start - chunk.start
    question = question_above(chunk.text, at)
    begin = chunk.text.rfind(question, 0, at) if question else at
    between = _BETWEEN.fullmatch(chunk.text, begin + len(question), at)
    if not question or between is None or gives_orders(question):
        return statement
    if not (between["mark"] or between["said"] or _BEGINS.match(cited.quote)):
        return statement
    above = " ".join(chunk.text[begin:at].split())
    moved = len(above) + 1
    phrase = statement.phrase and (statement.phrase[0] + moved, statement.phrase[1] + moved)
    whole = replace(cited, start=chunk.start + begin, quote=chunk.text[begin : cited.end - chunk.start])
    return replace(statement, text=f"{above} {statement.text}", citations=(whole,), phrase=phrase)
