"""Put what is in force before what is not, on the day that a question is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from rag.ask.standing.asof import numbered_editions
from rag.ask.standing.sections import give_way, section_of
from rag.standing import lines, resolve, spoken, told
from rag.types import NO_STANDING, Bearing, DocumentStanding, Evidence, Hit, Standing, Verdict

# A refusal names so many editions at most, of those of the first passages.
_MOST_NAMED, _NEAREST = 2, 3


@dataclass(frozen=True, slots=True)
class Preferred:
    """Evidence as the standing of its documents orders it.

    Args:
        evidence: In force or of unknown standing first, in their order, then what is set back.
        bearings: Of every document in the evidence of which something is known, in its order.
        on: The day that the question is about.
        today: The day on which it is asked.
    """

    evidence: Evidence
    bearings: tuple[Bearing, ...]
    on: str
    today: str

    @property
    def in_front(self) -> Evidence:
        """What an answer rests on where it can."""
        return replace(self.evidence, hits=tuple(hit for hit in self.evidence.hits if not _is_back(hit)))

    @property
    def as_found(self) -> Evidence:
        """All of it where it was found, set back or not, for a question that nothing in force answers."""
        return replace(self.evidence, hits=tuple(sorted(self.evidence.hits, key=lambda hit: -hit.score)))

    @property
    def any_set_back(self) -> bool:
        """Whether anything is set back."""
        return any(map(_is_back, self.evidence.hits))

    def bearing(self, document_id: str) -> Bearing | None:
        """Return how the standing of a document bears on the answer."""
        return next((each for each in self.bearings if each.document_id == document_id), None)


def prefer(evidence: Evidence, standings: Sequence[DocumentStanding], *, on: str, today: str) -> Preferred:
    """Return the evidence so that of several editions of one text the one in force on a day comes first.

    A passage is set back where another document of the evidence takes the place of its own: an edition that is in
    force on that day, or was not replaced on it. What is out of force without one that takes its place stays where it
    is, since it may be all that there is; an answer that cites it says so. Texts that tell what happened are never set
    back. Of another day than today the edition of that day takes the place that its text was found at, since a question
    is often worded after the edition of today. A section that says itself that it does not hold gives way likewise, see
    `rag.ask.standing.sections`. Each passage gets the feature ``in_force``: 1, 0, or none where nothing is known.

    Args:
        evidence: Best first.
        standings: Of its documents, with their other editions.
        on: The day that the question is about, ISO 8601; where no edition of a text was in force on it, today counts.
        today: The day on which it is asked.
    """
    known = {each.document_id: each for each in standings}
    present = list(dict.fromkeys(hit.passage.chunk.document_id for hit in evidence.hits))
    bearings = _bearings(present, known, on=on, today=today)
    marked = [_marked(hit, bearings.get(hit.passage.chunk.document_id)) for hit in evidence.hits]
    reports = {each.document_id for each in standings if each.standing.reports}
    hits = give_way(marked, evidence.query.text, on=on, today=today, reports=reports)
    ordered = sorted(_in_place(hits, known, bearings) if on != today else hits, key=_is_back)
    told_of = tuple(bearings[document] for document in present if document in bearings)
    return Preferred(replace(evidence, hits=tuple(ordered)), told_of, on, today)


def _in_place(hits: Sequence[Hit], known: Mapping[str, DocumentStanding], bearings: Mapping[str, Bearing]) -> list[Hit]:
    """Return the passages, those of an edition in force no further behind than those of one that gives way to it."""
    line_of = lines(tuple(known.values()))
    documents = [hit.passage.chunk.document_id for hit in hits]
    places: dict[int, list[int]] = {}
    for place, document in enumerate(documents):
        if document in bearings and bearings[document].set_back:
            places.setdefault(line_of[document], []).append(place)
    keys: list[tuple[float, int]] = []
    for place, document in enumerate(documents):
        takes = document in bearings and bearings[document].in_force is True
        free = places.get(line_of[document], []) if takes else []
        keys.append((min(free.pop(0), place) - 0.5 if free else float(place), place))
    return [hits[place] for _, place in sorted(keys)]


def last_day_before(preferred: Preferred) -> str:
    """Return the last day of the edition before, of the text found first that has one; today where none is known."""
    found = (preferred.bearing(hit.passage.chunk.document_id) for hit in preferred.as_found.hits)
    ends = (each.standing.effective_to for each in found if each and each.set_back)
    return next((end for end in ends if end and end < preferred.today), preferred.today)


def last_day_of_numbered(preferred: Preferred, question: str) -> str:
    """Return the last day of the edition that a question names by its number and that holds no more; today else."""
    asked = numbered_editions(question)
    ends = (
        each.standing.effective_to
        for each in preferred.bearings
        if each.set_back and asked & numbered_editions(each.title)
    )
    return next((end for end in ends if end and end < preferred.today), preferred.today)


def edition_of(preferred: Preferred) -> tuple[str, ...]:
    """Return what a person must know of a refusal about another day: which editions held on it and hold no more."""
    near = {hit.passage.chunk.document_id for hit in preferred.evidence.hits[:_NEAREST]}
    titles = [each.title for each in editions_of_day(preferred) if each.document_id in near]
    named = " and ".join(f"“{title}”" for title in titles[:_MOST_NAMED])
    verb = "were" if len(titles[:_MOST_NAMED]) > 1 else "was"
    return (f"On {spoken(preferred.on)} {named} {verb} in force.",) if named else ()


def editions_of_day(preferred: Preferred) -> list[Bearing]:
    """Return the documents that are in force on the day asked about, and not today."""
    if preferred.on == preferred.today:
        return []
    took = [each.set_back for each in preferred.bearings if each.set_back]
    return [
        each
        for each in preferred.bearings
        if each.in_force
        and each.standing.in_force(preferred.today) is False
        and any(reason.endswith(f"“{each.title}” is in force") for reason in took)
    ]


def set_back(preferred: Preferred, document_id: str, reason: str) -> Preferred:
    """Return the evidence with one more document behind the others, also one that says nothing of its standing."""
    own = [hit for hit in preferred.evidence.hits if hit.passage.chunk.document_id == document_id]
    known = preferred.bearing(document_id)
    back = replace(known or Bearing(document_id, own[0].passage.title, NO_STANDING, None), set_back=reason)
    bearings = tuple(back if each.document_id == document_id else each for each in preferred.bearings)
    hits = [_marked(hit, back) if hit in own else hit for hit in preferred.evidence.hits]
    evidence = replace(preferred.evidence, hits=tuple(sorted(hits, key=_is_back)))
    return replace(preferred, evidence=evidence, bearings=bearings if known else (*bearings, back))


def caveats(verdict: Verdict, preferred: Preferred) -> tuple[str, ...]:
    """Return what a reader of the answer must know of the standing of the documents that it cites."""
    cited = dict.fromkeys(c.document_id for statement in verdict.statements for c in statement.citations)
    found = []
    for bearing in filter(None, map(preferred.bearing, cited)):
        standing = bearing.standing
        if standing.reports:
            continue
        if bearing.in_force is False:
            found.append(_not_in_force(bearing.title, told(standing, on=preferred.on) or standing.status))
        elif standing.in_force(preferred.today) is False:
            now = told(standing, on=preferred.today)
            found.append(f"This is as of {spoken(preferred.on)}; “{bearing.title}” is {now}.")
    return (*found, *_of_sections(verdict, preferred))


def _not_in_force(name: str, words: str) -> str:
    """Return a sentence that says why something does not hold, or since when it will."""
    _, waits, day = words.partition("in force from ")
    return f"“{name}” is not in force before {day}." if waits else f"“{name}” is not in force: {words}."


def _of_sections(verdict: Verdict, preferred: Preferred) -> list[str]:
    """Return what is to be known of cited sections that say themselves when they hold."""
    cited = {c.chunk_id for statement in verdict.statements for c in statement.citations}
    found = []
    for hit in preferred.evidence.hits:
        if hit.passage.chunk.id not in cited or not (section := section_of(hit.passage)):
            continue
        if not section.holds(preferred.on, today=preferred.today):
            found.append(_not_in_force(section.name, section.told(preferred.on)))
        elif not section.holds(preferred.today, today=preferred.today):
            now = section.told(preferred.today)
            found.append(f"This is as of {spoken(preferred.on)}; “{section.name}” is {now}.")
    return list(dict.fromkeys(found))


class Borne(TypedDict):
    """What an answer keeps of the standing of documents."""

    today: str
    as_of: str
    bearings: tuple[Bearing, ...]


def borne(preferred: Preferred, verdict: Verdict, passages: Sequence[Hit]) -> Borne:
    """Return what an answer keeps: the days, and the standing of the documents that it cites, shows or set back."""
    said = (*verdict.statements, *verdict.sides)
    named = {citation.document_id for statement in said for citation in statement.citations}
    shown = named | {hit.passage.chunk.document_id for hit in passages}
    kept = tuple(each for each in preferred.bearings if each.document_id in shown or (each.set_back and shown))
    return {"today": preferred.today, "as_of": preferred.on, "bearings": kept}


def _bearings(
    present: Sequence[str], known: Mapping[str, DocumentStanding], *, on: str, today: str
) -> dict[str, Bearing]:
    line_of = lines(tuple(known.values()))
    resolved = resolve(tuple(known.values()), on=today)
    judged_on = {line: _day_for(line, line_of, resolved, on=on, today=today) for line in set(line_of.values())}
    in_force = {each: resolved[each].in_force(judged_on[line_of[each]]) for each in known}
    found = {}
    for document_id in present:
        if document_id not in known or (resolved[document_id].status == "unknown" and in_force[document_id] is None):
            continue
        mine = resolved[document_id]
        rivals = [
            other
            for other in present
            if other in known and line_of[other] == line_of[document_id] and in_force[other] is not False
        ]
        back = in_force[document_id] is False and bool(rivals) and not mine.reports
        reason = _reason(mine, known[rivals[0]].title, judged_on[line_of[document_id]]) if back else ""
        found[document_id] = Bearing(document_id, known[document_id].title, mine, in_force[document_id], reason)
    return found


def _day_for(line: int, line_of: Mapping[str, int], resolved: Mapping[str, Standing], *, on: str, today: str) -> str:
    """Return the day to judge the editions of a text on: today, where none was in force on the day asked for."""
    members: Iterable[str] = (each for each, own in line_of.items() if own == line)
    return on if any(resolved[each].in_force(on) for each in members) else today


def _reason(standing: Standing, rival: str, on: str) -> str:
    words = told(standing, on=on) or "not in force"
    return f"{words}; “{rival}” is in force"


def _marked(hit: Hit, bearing: Bearing | None) -> Hit:
    if bearing is None:
        return hit
    known = {} if bearing.in_force is None else {"in_force": float(bearing.in_force)}
    back = {"set_back": 1.0} if bearing.set_back else {}
    return replace(hit, features={**hit.features, **known, **back})


def _is_back(hit: Hit) -> bool:
    return hit.features.get("set_back", 0.0) > 0
