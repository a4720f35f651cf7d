"""What the full text indexes of a passage, and how a term becomes a query; both sides must agree.

Words go to SQLite's ``porter unicode61`` tokenizer. It takes ``HX-2104`` apart, so every code (a token
with a digit or with punctuation inside: codes, versions, addresses, file names) is also indexed whole in
a column of its own. There its punctuation is written as private-use characters, which the tokenizer
keeps, and a final one shields it from stemming.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.lexis import typed

WORDS_VERSION = 2
"""Raise with every change of this module: full text written by another version is built again at open."""

MAX_TERMS = 128
"""Most terms of one query; SQLite's full text refuses expressions far above this."""

_INNER = "-._/:@#+&'~\\%=,"
_PRIVATE = str.maketrans({char: chr(0xE000 + place) for place, char in enumerate(_INNER)})
_SHIELD = "\ue0ff"
_WRITTEN = {ord(private): chr(char) for char, private in _PRIVATE.items()}
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-") | {"\u2019": "'", "\u00ad": None})
_EDGES = "".join(set("-._/:@&'~\\%=,") | set('!?"()[]{}<>|*^`$;\u201c\u201d\u201e\u00ab\u00bb\u2026\u20ac\u00a3'))
_SPLIT = re.compile(r"[/:=@,;()\[\]{}<>|\\\"]+")
_CODE = re.compile(r"\d|\w[-._/:@#+&~\\]+\w|\w[+#]+$")
# Han, kana and hangul are written without spaces: each character becomes a word, and a term a phrase of them.
_UNSPACED = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])")
_UNSAFE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ue000-\uf8ff]")
_JOINTS = re.compile(r"[-_/]")


class IndexedText(NamedTuple):
    """One row of the full text, column by column.

    Args:
        context: Title, headings and table header.
        text: The passage.
        codes: Codes of both, to the letter, encoded.
        joined: The same without hyphens, for those who write ``HX2104``; encoded.
    """

    context: str
    text: str
    codes: str
    joined: str


def indexed_text(context: str, text: str) -> IndexedText:
    """Return what the full text holds of a passage."""
    codes = list(_codes(f"{context}\n{text}"))
    joined = [squeezed for code in codes if (squeezed := _squeeze(code)) and squeezed != code]
    return IndexedText(_plain(context), _plain(text), _encode_all(codes), _encode_all(joined))


def any_of(terms: Sequence[str]) -> str:
    """Return the full-text expression for passages that hold any of the terms; empty when none can match."""
    expressions = dict.fromkeys(expression for term in terms[:MAX_TERMS] if (expression := term_expression(term)))
    return " OR ".join(expressions)


def all_of(phrases: Sequence[str]) -> str:
    """Return the full-text expression for passages that hold every phrase; empty when none can match."""
    expressions = dict.fromkeys(expression for phrase in phrases[:MAX_TERMS] if (expression := term_expression(phrase)))
    return " AND ".join(expressions)


def term_expression(term: str) -> str:
    """Return the full-text expression for one term or phrase, all of it quoted; empty when it has no word.

    A code is looked for to the letter, without its hyphens, and as a phrase of its parts.
    """
    plain = _plain(term).strip()
    if not any(char.isalnum() for char in plain):
        return ""
    written = [plain]
    code = _strip(plain.translate(_DASHES).casefold())
    if " " not in code and _CODE.search(code):
        # Encoded codes and plain words never equal each other, so no column has to be named, which is faster.
        written += [_encode(form) for form in (code, _squeeze(code)) if form]
    return f"({' OR '.join(dict.fromkeys(map(_quote, written)))})"


def joined_expression(code: str) -> str:
    """Return the full-text expression for passages that write a code with hyphens; empty for what is no code."""
    squeezed = _squeeze(_strip(_plain(code).strip().translate(_DASHES).casefold()))
    return f"joined : {_quote(_encode(squeezed))}" if squeezed and " " not in squeezed else ""


def written_expression(code: str) -> str:
    """Return the full-text expression for passages that write a code to the letter; empty for what is no code."""
    plain = _strip(_plain(code).strip().translate(_DASHES).casefold())
    return f"codes : {_quote(_encode(plain))}" if plain and " " not in plain else ""


def context_expression(terms: Sequence[str]) -> str:
    """Return the full-text expression for passages whose title or headings hold every term; else empty."""
    required = all_of(terms)
    return f"context : ({required})" if required else ""


def plain_code(word: str) -> str:
    """Return a word of the full text with its punctuation as it was written."""
    return word.removesuffix(_SHIELD).translate(_WRITTEN)


def _plain(text: str) -> str:
    return _UNSPACED.sub(r" \1 ", _UNSAFE.sub(" ", typed(text)))


def _quote(text: str) -> str:
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def _codes(text: str) -> Iterator[str]:
    for token in _UNSAFE.sub(" ", typed(text)).translate(_DASHES).casefold().split():
        seen: set[str] = set()
        for part in (token, *_SPLIT.split(token)):
            code = _strip(part)
            if code not in seen and _CODE.search(code):
                seen.add(code)
                yield code


def _strip(token: str) -> str:
    return token.strip(_EDGES).lstrip("#+")


def _squeeze(code: str) -> str:
    """Return a code of letters and digits without its hyphens; empty for others, whose points carry meaning."""
    mixed = any(char.isdigit() for char in code) and any(char.isalpha() for char in code)
    return _JOINTS.sub("", code) if mixed else ""


def _encode(code: str) -> str:
    return code.translate(_PRIVATE) + _SHIELD


def _encode_all(codes: Sequence[str]) -> str:
    return " ".join(_encode(code) for code in codes)
