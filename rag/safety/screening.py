"""A small model over sentence vectors: how likely a sentence speaks to an assistant; and which ones it is asked of."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np

from rag.protocols import Embedder
from rag.types import Float32Array

WEIGHTS = "orders.json"
"""Made by ``python -m rag.training.orders``, which says how; a weight for each number of a vector, and a bias."""

_ADDRESSES = re.compile(
    r"\b(?:you|your|you're|i|me|my|we|please|instructions?|prompts?|rules?|passwords?|secret|say|saying|reply|respond"
    r"|answers?|response|repeat|ignore|disregard|ai|assistant|message|chat|gpt|story|poem|translate|explain|describe"
    r"|summari[sz]e|write|print|correct|granted|denied|above|previous|now|do not|don't|must|pretend|let's|task)\b"
    r"|\?[^\w?]*$|[^\x00-\x7f]{4}|^\W*(?:what|who|how|why|list|format|output|convert|show|tell|give|create|make|include"
    r"|add|replace|remove|use|begin|start|end|provide|rewrite|return|complete|access)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?[^\w?]*$|^\W*(?:please |can you |could you )?(?:explain|describe|write|compose|draft|provide|develop|break down"
    r"|tell|give|translate|list|show|summari[sz]e|create|generate|imagine|who|what|how|why|when|where|which)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """The fitted model.

    Args:
        embedding_sha256: Embedding model that it was fitted on; vectors of another mean nothing to it.
        vector: Shape ``(dimension,)``.
        bias: Added to the product.
        threshold: Score from which a sentence is noted.
        severe: Score from which its passage is held back.
        off_topic: Cosine to the document's topic below which a question or request is out of place.
    """

    embedding_sha256: str
    vector: Float32Array
    bias: float
    threshold: float
    severe: float
    off_topic: float


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return the shipped weights."""
    kept = json.loads(resources.files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return Weights(
        kept["embedding_sha256"],
        np.asarray(kept["vector"], dtype=np.float32),
        kept["bias"],
        kept["threshold"],
        kept["severe"],
        kept["off_topic"],
    )


def addresses_somebody(sentence: str) -> bool:
    """Tell whether a sentence may speak to a reader at all; the others, three of four, are not embedded."""
    return bool(_ADDRESSES.search(sentence))


def asks(sentence: str) -> bool:
    """Tell whether a sentence is a question or a request."""
    return bool(_ASKS.search(sentence))


def order_scores(vectors: Float32Array) -> Float32Array:
    """Return the score of each sentence, shape ``(n,)``: the logarithm of the odds that it speaks to an assistant.

    Args:
        vectors: Of the sentences, shape ``(n, dimension)``.
    """
    model = weights()
    scores: Float32Array = (vectors @ model.vector + model.bias).astype(np.float32)
    return scores


def fits(embedder: Embedder) -> bool:
    """Tell whether an embedder's vectors are those that the model was fitted on."""
    return embedder.use.sha256 == weights().embedding_sha256


def off_topic(vectors: Float32Array, topic: Sequence[float] | Float32Array) -> Float32Array:
    """Return how near each sentence is to the topic of its document, as a cosine."""
    near: Float32Array = (vectors @ np.asarray(topic, dtype=np.float32)).astype(np.float32)
    return near
