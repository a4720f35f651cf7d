"""Leave out questions whose own words tell whether a passage answers them.

Who writes questions that a passage answers and others that it does not writes the two in different words: of the
shipped files, a look at the question alone told them apart with an AUROC of 0.73 to 0.94, and "how long does … take"
had no answer in 230 of 239 cases. A reader learns that before it learns to look for the answer, and then refuses plain
questions (docs/decisions/0053-plain-questions.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rag.training.readings.further import Further

# With fewer questions of either kind nothing could be learnt from their words.
_LEAST = 200
_FOLDS, _STRENGTH, _SEEN, _STEPS = 5, 0.3, 5, 300
_WORD = r"(?u)[\w']+"


def balanced(founds: Sequence[Further], *, seed: int) -> list[Further]:
    """Return further questions of one file so that the words of a question do not tell whether it is answered.

    A small model foretells it from words and pairs of words, each question by what the others taught; the more surely
    it is right, the likelier the question is left out, so that of questions in like words as many have an answer as
    not.

    Args:
        founds: Questions of one file, by set; of fewer than 200 with or without an answer all are kept.
        seed: Of the choice.

    Source:
        Gururangan et al. 2018, Annotation artifacts, https://arxiv.org/abs/1803.02324; Le Bras et al. 2020, AFLite,
        https://arxiv.org/abs/2002.04108 (leaving out what a simple model foretells).
    """
    texts = [asked.question for found in founds for asked in found.questions.asked]
    n_answered = len(texts)
    texts += [question for found in founds for question, _, _ in found.impossible]
    if min(n_answered, len(texts) - n_answered) < _LEAST:
        return list(founds)
    answered = np.arange(len(texts)) < n_answered
    chance = foretold(texts, answered)
    odds = np.where(answered, (1 - chance) / chance, chance / (1 - chance))
    kept = iter((np.random.default_rng(seed).random(len(texts)) < odds).tolist())
    with_answers = [tuple(asked for asked in found.questions.asked if next(kept)) for found in founds]
    without = [tuple(each for each in found.impossible if next(kept)) for found in founds]
    return [
        replace(found, questions=replace(found.questions, asked=asked), impossible=impossible)
        for found, asked, impossible in zip(founds, with_answers, without, strict=True)
    ]


def foretold(texts: Sequence[str], answered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how likely each question is to have an answer by its words alone, shape ``(n,)``.

    Args:
        texts: The questions.
        answered: Whether each has one; each is foretold by a model that has not seen it.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    words = CountVectorizer(ngram_range=(1, 2), min_df=_SEEN, binary=True, token_pattern=_WORD).fit_transform(texts)
    model = LogisticRegression(C=_STRENGTH, max_iter=_STEPS)
    chances = cross_val_predict(model, words, answered, cv=_FOLDS, method="predict_proba")[:, 1]
    return np.clip(np.asarray(chances, dtype=np.float64), 1e-6, 1 - 1e-6)
