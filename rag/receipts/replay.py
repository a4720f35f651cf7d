"""Ask a question of a receipt once more, and say what is not as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import Any, Protocol

from rag.ask.answer import record as record_of
from rag.ask.flow import preview, software
from rag.ask.parts import AskChoices, AskParts
from rag.protocols import Catalog
from rag.receipts.parts import ReceiptParts, readable
from rag.types import LOCAL_OWNER, AskProgress, Difference, Ground, Principal, Question, Replay

Record = Mapping[str, Any]
# Sums of many float32 products, in batches of another size, differ in their last digits.
_TOLERANCE = 1e-3
_MAX_NAMED = 5


class ReplayParts(AskParts, ReceiptParts, Protocol):
    """What a replay works with: all that a question does, and the receipts."""


def replay(
    receipt: str,
    parts: ReplayParts,
    *,
    principal: Principal = LOCAL_OWNER,
    keep: bool = False,
    on_progress: Callable[[AskProgress], None] = lambda _: None,
) -> Replay:
    """Ask the question of a receipt again, with the settings of the receipt, on what there is today.

    Args:
        receipt: The receipt.
        parts: Stores and models.
        principal: Who replays; the question runs on this person's behalf.
        keep: Whether the new answer is stored as a receipt of its own, outside of any conversation.
        on_progress: Told of each stage as it begins.

    Raises:
        NotFound: There is no such receipt.
        AccessError: The person may not read it.
        InputError: The question can no longer be used, e.g. under a lower limit of its length.
    """
    stored = readable(receipt, parts, principal)
    history = tuple(str(earlier) for earlier in stored.get("history", ()))
    as_of = str(stored.get("today") or stored["asked_at"])[:10]
    grounds = tuple(Ground(str(g["of"]), int(g["start"]), int(g["end"])) for g in stored.get("grounds", ()))
    refused = tuple(map(int, stored.get("history_refused", ())))
    question = Question(
        str(stored["question"]), str(stored["space"]), history, as_of=as_of, grounds=grounds, refused=refused
    )
    choices = _choices(stored, parts.ask_choices)
    answer = preview(question, parts, principal=principal, choices=choices, on_progress=on_progress)
    now = {**record_of(answer), "replay_of": receipt}
    circumstances = [*_circumstances(stored, now, parts, principal), *_documents(stored, now, parts.catalog)]
    if keep:
        parts.catalog.save_answer(answer, principal, now)
    return Replay(receipt, tuple(circumstances), tuple(_differences(stored, now)), now, keep)


def _choices(stored: Record, today: AskChoices) -> AskChoices:
    recorded = stored.get("settings") or {}
    return replace(today, **{each.name: recorded[each.name] for each in fields(today) if each.name in recorded})


def _circumstances(stored: Record, now: Record, parts: ReplayParts, principal: Principal) -> Iterator[Difference]:
    if stored.get("software", software()) != software():
        yield Difference("software", "another version answers", stored["software"], software())
    if stored.get("asked_by") not in {None, "", principal.id}:
        yield Difference("person", "somebody else asks", stored["asked_by"], principal.id)
    yield from _settings(stored, asdict(parts.ask_choices))
    if stored.get("prompt") != now["prompt"]:
        yield Difference("settings", "another version of the prompt", stored.get("prompt"), now["prompt"])
    slots = sorted({*stored["models"], *now["models"]})
    for slot in slots:
        before, after = stored["models"].get(slot), now["models"].get(slot)
        if before != after:
            # The policy stands among the models, by the hash of its file.
            if slot == "policy":
                yield Difference("settings", "another policy", before, after)
            else:
                yield Difference("models", f"another {slot} model", before, after)
    if stored["index"] != now["index"]:
        yield Difference("index", "another index version is searched", stored["index"], now["index"])


def _settings(stored: Record, today: Mapping[str, Any]) -> Iterator[Difference]:
    recorded = stored.get("settings")
    if not recorded:
        yield Difference("settings", "the receipt is older than their record; today's are used", None, dict(today))
        return
    changed = [name for name in sorted({*recorded, *today}) if recorded.get(name) != today.get(name)]
    if changed:
        used = "other settings today; the replay uses those of the receipt"
        yield Difference(
            "settings",
            f"{used}: {', '.join(changed)}",
            {name: recorded.get(name) for name in changed},
            {name: today.get(name) for name in changed},
        )


def _documents(stored: Record, now: Record, catalog: Catalog) -> Iterator[Difference]:
    """Yield what happened to the documents that the receipt names, then to the others of the space."""
    named = dict(_named(stored))
    live = catalog.live_versions(document for document, _ in named)
    for (document, version), title in named.items():
        today = live.get(document, (None,))[0]
        if today is None:
            yield Difference("documents", f"{title or document} has been removed", version, None)
        elif today != version:
            yield Difference("documents", f"{title or document} has another version", version, today)
    before, after = stored.get("revision"), now["revision"]
    if before is None or stored["index"] != now["index"] or before == after:
        return
    known = {document for document, _ in named}
    others = [info for info in catalog.documents(str(stored["space"])) if info.id not in known]
    new = [info.title for info in others if info.added_at > stored["asked_at"]]
    changed = [info.title for info in others if info.updated_at > stored["asked_at"] >= info.added_at]
    told = [*_listed("new", new), *_listed("changed or read again", changed)]
    what = "; ".join(told) or "other documents came, changed or went"
    yield Difference("documents", f"the documents of the space changed ({what})", before, after)


def _listed(word: str, titles: list[str]) -> list[str]:
    if not titles:
        return []
    more = f" and {len(titles) - _MAX_NAMED} more" if len(titles) > _MAX_NAMED else ""
    return [f"{word}: {', '.join(titles[:_MAX_NAMED])}{more}"]


def _named(stored: Record) -> Iterator[tuple[tuple[str, str], str]]:
    for statement in stored.get("statements", ()):
        for cited in statement["citations"]:
            yield (cited["document"], cited["version"]), cited["title"]
    for passage in stored.get("passages", ()):
        version = passage.get("version") or passage["chunk"].partition("@")[2].partition(":")[0]
        yield (passage["document"], version), passage["title"]


def _differences(stored: Record, now: Record) -> Iterator[Difference]:
    yield from _understanding(stored.get("query") or {}, now["query"] or {})
    yield from _passages(stored["passages"], now["passages"])
    before, after = (stored["outcome"], stored["reason"]), (now["outcome"], now["reason"])
    if before != after:
        told = f"; {now['message']}" if now["outcome"] == "failed" else ""
        yield Difference("outcome", f"another outcome{told}", list(before), list(after))
    before_said, after_said = _said(stored), _said(now)
    if before_said != after_said:
        yield Difference("statements", "other statements or citations", before_said, after_said)
    elif any(_apart(a["support"], b["support"]) for a, b in zip(_shown(stored), _shown(now), strict=True)):
        supports = [[statement["support"] for statement in _shown(each)] for each in (stored, now)]
        yield Difference("statements", "the same statements with other support", supports[0], supports[1])
    likely = stored["confidence"]["probability"], now["confidence"]["probability"]
    if _apart(*likely):
        yield Difference("confidence", "another confidence", *likely)


def _understanding(before: Record, after: Record) -> Iterator[Difference]:
    # A query of before a field was recorded says nothing about it.
    names = [name for name in after if name in before or not before]
    changed = [name for name in names if before.get(name) != after[name]]
    if changed or bool(before) != bool(after):
        told = f"the question is understood otherwise: {', '.join(changed) or 'not at all'}"
        recorded = {name: before.get(name) for name in changed}
        yield Difference("understanding", told, recorded or None, {name: after[name] for name in changed} or None)


def _passages(before: list[Record], after: list[Record]) -> Iterator[Difference]:
    ids = [[str(passage["chunk"]) for passage in each] for each in (before, after)]
    if ids[0] != ids[1]:
        rank = next((n for n, (a, b) in enumerate(zip(*ids, strict=False)) if a != b), min(map(len, ids)))
        yield Difference("passages", f"other passages or another order from rank {rank + 1} on", ids[0], ids[1])
        return
    for rank, (a, b) in enumerate(zip(before, after, strict=True), 1):
        if _apart(a["score"], b["score"]):
            yield Difference("passages", f"another score at rank {rank}", a["score"], b["score"])
            return


def _said(record: Record) -> list[dict[str, Any]]:
    return [
        {
            "text": statement["text"],
            "citations": [f"{c['document']}@{c['version']}:{c['start']}-{c['end']}" for c in statement["citations"]],
        }
        for statement in _shown(record)
    ]


def _shown(record: Record) -> list[Record]:
    """Return what was shown of an answer: its statements, and the sides where documents disagree."""
    return [*record["statements"], *record.get("sides", ())]


def _apart(before: float, after: float) -> bool:
    return abs(before - after) > _TOLERANCE
