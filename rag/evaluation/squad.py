"""How answers are compared with accepted ones: by their words, as SQuAD does."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalized(text: str) -> list[str]:
    """Return the tokens of a text as SQuAD compares them: lower case, then no punctuation, then no articles.

    Source:
        Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250, the official evaluation script.
    """
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def exact_match(said: str, accepted: Sequence[str]) -> float:
    """Return 1 where the tokens are those of an accepted answer, else 0."""
    return float(any(normalized(said) == normalized(each) for each in accepted))


def token_f1(said: str, reference: str) -> float:
    """Return the harmonic mean of precision and recall of the tokens; 1 where neither has any."""
    a, b = normalized(said), normalized(reference)
    if not a or not b:
        return float(a == b)
    same = sum((Counter(a) & Counter(b)).values())
    return 2 * same / (len(a) + len(b))


def f1(said: str, accepted: Sequence[str]) -> float:
    """Return the best F1 with one of the accepted answers; 0 where there is none."""
    return max((token_f1(said, each) for each in accepted), default=0.0)
