"""Words that say the contrary of another one: "excluded" is "not included", "unopened" is "not opened"."""

from __future__ import annotations

from functools import lru_cache

from rag import lexis
from rag.english import is_listed

# Words of one meaning, and behind the bar those of the contrary; the first of each row stands for all of it.
_ROWS = """
include contain comprise | exclude omit
allow permit permissible | forbid forbidden prohibit ban disallow
possible feasible | impossible
accept | reject refuse decline
enable activate | disable deactivate
open | close closed shut
lock | unlock
connect | disconnect
require mandatory compulsory obligatory | optional voluntary
increase rise grow grew raise | decrease fall fell drop reduce lower
online | offline
start begin began | stop end finish
succeed | fail
safe | dangerous unsafe
same identical | different
above | below beneath
full | empty
inside indoors indoor | outside outdoors outdoor
permanent | temporary
public | private
automatic automatically | manual manually
valid | invalid void
correct | incorrect wrong
complete | incomplete
visible | invisible
active | inactive
direct | indirect
""".strip()
# Beginnings after which the rest of a word may be denied, where it ends as such words do: "unopened", "unavailable".
_DENYING = ("un", "non")
_ENDINGS = ("ed", "en", "able", "ible", "paid", "known", "sold")


@lru_cache(maxsize=65536)
def meaning_of(word: str) -> tuple[str, bool]:
    """Return the stem that stands for a lower-case word, and whether the word says the contrary of it.

    ``excluded`` gives the stem of ``include`` and true, ``unopened`` that of ``open`` and true; a word that has no
    contrary in the list gives its own stem and false.
    """
    known = _known().get(lexis.stem(word))
    if known is not None:
        return known
    for beginning in _DENYING:
        rest = word.removeprefix(beginning)
        if rest != word and len(rest) > 3 and rest.endswith(_ENDINGS) and is_listed(rest):
            stem, contrary = _known().get(lexis.stem(rest), (lexis.stem(rest), False))
            return stem, not contrary
    return lexis.stem(word), False


@lru_cache(maxsize=1)
def _known() -> dict[str, tuple[str, bool]]:
    table: dict[str, tuple[str, bool]] = {}
    for row in _ROWS.splitlines():
        alike, contrary = (side.split() for side in row.split("|"))
        first = lexis.stem(alike[0])
        table |= {lexis.stem(word): (first, False) for word in alike}
        table |= {lexis.stem(word): (first, True) for word in contrary}
    return table
