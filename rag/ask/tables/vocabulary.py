"""Words of questions beside those of tables: what a column is called otherwise, and what names no thing."""

from __future__ import annotations

from collections.abc import Mapping

from rag import lexis

_DEPUTY = "deputy stand substitute backup"
OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    lexis.stem(word): tuple(map(lexis.stem, others.split()))
    for word, others in {
        "cost": "price fee eur usd",
        "price": "cost fee eur usd",
        "who": "name contact owner lead",
        "whom": "name contact owner lead",
        "person": "name contact",
        "phone": "number line pager ext extension",
        "extension": "ext phone number",
        "ext": "extension phone number",
        "dial": "ext extension phone number line",
        "ring": "ext extension phone number line",
        "number": "ext extension phone line",
        "email": "mail mailbox e-mail address",
        "mail": "email mailbox e-mail address",
        "mailbox": "mail email e-mail address",
        "head": "lead manager",
        "boss": "lead manager head",
        "charge": "lead owner price fee",
        "deputy": _DEPUTY,
        "mean": "meaning description",
        "when": "date day from starts released",
        "where": "office address site place location",
        "long": "duration term period",
    }.items()
}
"""What a column may be called that answers a question in other words, by the stem of the question's word."""

RELATIONS = frozenset(
    map(
        lexis.stem,
        "act appear ask behind belong buy call caller came charge client come contact contain crew currently "
        "customer deal decide decision department dial display escalate far fast find forward get give go "
        "group handle happen head hit include just keep know long look made mail make many meet much need now "
        "often old order owe own page pay people please raise reach read report responsible ring route run "
        "say see sell send show sit soon staff start supply take team tell today turn use what's who's "
        "whoever work write one two three four five six seven eight nine ten".split(),
    )
)
"""Words that say how things hang together or who asks, and name no thing that an answer must tell of."""

ABSENT = frozenset(
    map(lexis.stem, "absent away holiday ill leave off out sick unavailable vacation".split()),
)
"""Words that say that somebody is not there."""

DEPUTY = frozenset(map(lexis.stem, _DEPUTY.split()))
"""What the column is called that says whom to ask then."""
