"""Which tokens may come next in a grounded text: `rag.models.units` as a trie over any tokenizer's tokens.

Source: constrained decoding over a trie, De Cao et al. 2021, https://arxiv.org/abs/2010.00904; here the text is a
chain of units, so that all readings of what was written are followed at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rag.models.units import Kind, Unit, units

if TYPE_CHECKING:
    from torch import Tensor

Encode = Callable[[Sequence[str]], Sequence[Sequence[int]]]
"""Gives the tokens of texts, without special ones."""

_GLUED = frozenset({"mark", "joint"})


class _Node:
    """A place in the trie: what may follow, and which kinds of units end here."""

    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[int, _Node] = {}
        self.ends: set[Kind] = set()


class _Place(NamedTuple):
    """One reading of what was written: a place in the trie, and whether a number stands right before its unit."""

    node: _Node
    behind_number: bool


class Grounding:
    """The tokens that a text about some evidence may be made of.

    Args:
        question: What is asked.
        evidence: Sentences and titles.
        encode: Tokens of units; asked once, with each unit as it begins a text and as it stands behind a space.
        ends: Tokens that end the text, allowed behind a whole unit.
        extra: Further units, e.g. what says that there is no answer.
    """

    def __init__(
        self,
        question: str,
        evidence: Sequence[str],
        encode: Encode,
        *,
        ends: Collection[int],
        extra: Iterable[str] = (),
    ) -> None:
        self.ends = frozenset(ends)
        self._free, self._free_bare = _Node(), _Node()
        self._barred, self._barred_bare = _Node(), _Node()
        made = sorted({*units(question, evidence), *(Unit(text, "name") for text in extra)}, key=lambda u: u.text)
        texts = [form for unit in made for form in _forms(unit)]
        kinds = [unit.kind for unit in made for _ in _forms(unit)]
        spaced = encode([text if kind in _GLUED else f" {text}" for text, kind in zip(texts, kinds, strict=True)])
        for kind, behind, beginning in zip(kinds, spaced, encode(texts), strict=True):
            self._add(self._free, self._barred, behind, kind)
            self._add(self._free_bare, self._barred_bare, beginning, kind)

    def begin(self) -> Walk:
        """Return a walk at the beginning of a text."""
        return Walk(self)

    def roots(self, place: _Place, *, at_begin: bool = False) -> tuple[_Node, ...]:
        """Return where the next unit may begin behind a whole one; none where the unit is not whole."""
        if at_begin:
            return (self._free, self._free_bare)
        if not place.node.ends:
            return ()
        barred = self.barred(place)
        opened = "opening" in place.node.ends
        spaced, bare = (self._barred, self._barred_bare) if barred else (self._free, self._free_bare)
        return (spaced, bare) if opened else (spaced,)

    @staticmethod
    def barred(place: _Place) -> bool:
        """Return whether a number may not come next: one stands there, with no more than a joint behind it."""
        ends = place.node.ends
        return "number" in ends or (place.behind_number and "joint" in ends)

    def _add(self, free: _Node, barred: _Node, tokens: Sequence[int], kind: Kind) -> None:
        if not tokens:
            return
        for root in (free,) if kind == "number" else (free, barred):
            node = root
            for token in tokens:
                node = node.next.setdefault(token, _Node())
            node.ends.add(kind)


class Walk:
    """What may come next in one text, followed token by token.

    Args:
        grounding: The units.
    """

    def __init__(self, grounding: Grounding) -> None:
        self._grounding = grounding
        self._places: list[_Place] = []
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether what was written ends with a whole unit."""
        return any(place.node.ends for place in self._places)

    def allowed(self) -> set[int]:
        """Return the tokens that may come next."""
        grounding = self._grounding
        if not self._begun:
            roots = grounding.roots(_Place(_Node(), behind_number=False), at_begin=True)
            return {token for root in roots for token in root.next}
        tokens: set[int] = set()
        for place in self._places:
            tokens |= place.node.next.keys()
            for root in grounding.roots(place):
                tokens |= root.next.keys()
        return tokens | grounding.ends if self.whole else tokens

    def take(self, token: int) -> None:
        """Go on with a token; one that is not allowed leaves nothing allowed but the end."""
        grounding = self._grounding
        found: dict[tuple[int, bool], _Place] = {}

        def keep(node: _Node | None, *, behind: bool) -> None:
            if node is not None:
                found[id(node), behind] = _Place(node, behind)

        if not self._begun:
            for root in grounding.roots(_Place(_Node(), behind_number=False), at_begin=True):
                keep(root.next.get(token), behind=False)
        for place in self._places:
            keep(place.node.next.get(token), behind=place.behind_number)
            for root in grounding.roots(place):
                keep(root.next.get(token), behind=grounding.barred(place))
        self._begun = True
        self._places = list(found.values())


class GroundedLogits:
    """Lets a model write grounded text only; a logits processor of the transformers library.

    Args:
        grounding: Of the question and its evidence.
        n_prompt: Tokens before the answer.
    """

    def __init__(self, grounding: Grounding, n_prompt: int) -> None:
        self._grounding = grounding
        self._n_prompt = n_prompt
        self._walks: dict[int, tuple[list[int], Walk]] = {}

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Return the scores with all tokens but the allowed ones at minus infinity.

        Args:
            input_ids: Prompts and what was written, shape ``(n, length)``.
            scores: Of the next token, shape ``(n, vocabulary)``.
        """
        import torch

        masked = torch.full_like(scores, float("-inf"))
        for row, ids in enumerate(input_ids.tolist()):
            allowed = self._walk(row, ids[self._n_prompt :]).allowed() or self._grounding.ends
            chosen = torch.tensor(sorted(allowed), device=scores.device)
            masked[row, chosen] = scores[row, chosen]
        return masked

    def _walk(self, row: int, written: list[int]) -> Walk:
        """Return the walk of a row, going on where it was; beams change places, so what it stands for is compared."""
        known, walk = self._walks.get(row, ([], self._grounding.begin()))
        if written[: len(known)] != known:
            known, walk = [], self._grounding.begin()
        for token in written[len(known) :]:
            walk.take(token)
        self._walks[row] = (list(written), walk)
        return walk


def _forms(unit: Unit) -> tuple[str, ...]:
    """Return a unit as it may be written: a word that is not a name with a capital too, as it begins a sentence."""
    if unit.kind == "word" and unit.text[:1].islower():
        return (unit.text, f"{unit.text[:1].upper()}{unit.text[1:]}")
    return (unit.text,)
