"""English verbs: their forms, irregular ones from a list, the others by rule."""

from __future__ import annotations

from functools import lru_cache

from rag.english import is_listed

# Base form, past, participle; one word stands for both where they are alike.
_IRREGULAR = """
arise arose arisen; awake awoke awoken; bear bore born; beat beat beaten; become became become; begin began begun;
bend bent; bet bet; bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred;
bring brought; broadcast broadcast; build built; buy bought; cast cast; catch caught; choose chose chosen;
cling clung; come came come; cost cost; creep crept; cut cut; deal dealt; dig dug; do did done; draw drew drawn;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found;
flee fled; fling flung; fly flew flown; forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven;
freeze froze frozen; get got gotten; give gave given; go went gone; grind ground; grow grew grown; hang hung;
have had; hear heard; hide hid hidden; hit hit; hold held; hurt hurt; keep kept; know knew known; lay laid; lead led;
leave left; lend lent; let let; lie lay lain; lose lost; make made; mean meant; meet met; mistake mistook mistaken;
overcome overcame overcome; overthrow overthrew overthrown; overtake overtook overtaken; pay paid; put put; quit quit;
read read; rebuild rebuilt; ride rode ridden; ring rang rung; rise rose risen; run ran run; say said; see saw seen;
seek sought; sell sold; send sent; set set; shake shook shaken; shed shed; shine shone; shoot shot; show showed shown;
shrink shrank shrunk; shut shut; sing sang sung; sink sank sunk; sit sat; sleep slept; slide slid; speak spoke spoken;
spend spent; spin spun; split split; spread spread; spring sprang sprung; stand stood; steal stole stolen;
stick stuck; sting stung; strike struck; strive strove striven; swear swore sworn; sweep swept; swim swam swum;
swing swung; take took taken; teach taught; tear tore torn; tell told; think thought; throw threw thrown;
undergo underwent undergone; understand understood; undertake undertook undertaken; uphold upheld; wake woke woken;
wear wore worn; weave wove woven; weep wept; win won; wind wound; withdraw withdrew withdrawn; withstand withstood;
write wrote written
"""
_PARTS = [line.split() for line in _IRREGULAR.replace("\n", " ").split(";")]
PAST = {base: past for base, past, *_ in _PARTS}
PARTICIPLES = {base: rest[-1] for base, *rest in _PARTS}
_BASES = {form: base for base, *rest in _PARTS for form in rest}
_VOWELS = "aeiou"
# Verbs of two syllables that double their last letter, the stress being on it.
_DOUBLED = frozenset(
    "admit begin commit compel confer control defer deter equip excel expel forget infer occur omit patrol permit "
    "prefer propel rebel refer regret repel submit transfer transmit unplug upset".split()
)


def past(verb: str) -> str:
    """Return the past of a lower-case verb: ``build`` gives ``built``, ``stop`` gives ``stopped``."""
    return PAST.get(verb) or _regular(verb)


def participle(verb: str) -> str:
    """Return the past participle of a lower-case verb: ``write`` gives ``written``."""
    return PARTICIPLES.get(verb) or _regular(verb)


def third_person(verb: str) -> str:
    """Return the form for he, she and it: ``carry`` gives ``carries``."""
    if verb in ("have", "be", "do", "go"):
        return {"have": "has", "be": "is", "do": "does", "go": "goes"}[verb]
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if _ends_in_y(verb) else f"{verb}s"


def gerund(verb: str) -> str:
    """Return the form in ``-ing``: ``make`` gives ``making``."""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return f"{verb[:-1]}ing"
    return f"{_lengthened(verb)}ing"


@lru_cache(maxsize=65536)
def inflections(word: str) -> frozenset[str]:
    """Return the other forms of a lower-case word that are English words: of its base, and the base itself.

    ``opened`` gives ``open``, ``opens``, ``opening``; ``cities`` gives ``city``.
    """
    forms: set[str] = set()
    for base in bases(word) or {word}:
        forms |= {base, *_forms_of(base)}
    return frozenset(form for form in forms if form != word and is_listed(form))


def bases(word: str) -> set[str]:
    """Return the words that a lower-case word may be a form of; empty where it is none."""
    found = {_BASES[word]} if word in _BASES else set()
    if word.endswith("ies") and len(word) > 4:
        found.add(f"{word[:-3]}y")
    elif word.endswith(("sses", "xes", "zes", "ches", "shes", "oes")):
        found.add(word[:-2])
    elif word.endswith("s") and not word.endswith(("ss", "us", "is", "as")) and len(word) > 3:
        found.add(word[:-1])
    for ending in ("ied",) if word.endswith("ied") else ("ed", "ing"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 2:
            found |= {f"{stem}y"} if ending == "ied" else {stem, f"{stem}e"}
            if stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return {base for base in found if is_listed(base) and word in _forms_of(base)}


def _forms_of(base: str) -> set[str]:
    return {past(base), participle(base), third_person(base), gerund(base)}


def _regular(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if _ends_in_y(verb) else f"{_lengthened(verb)}ed"


def _ends_in_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2:-1] not in _VOWELS


def _lengthened(verb: str) -> str:
    """Return a verb with its last letter doubled where that is the rule: one syllable, one vowel before it."""
    short = len(verb) > 2 and verb[-1] not in f"{_VOWELS}wxy" and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    syllables = sum(one in _VOWELS and (n == 0 or verb[n - 1] not in _VOWELS) for n, one in enumerate(verb))
    return f"{verb}{verb[-1]}" if verb in _DOUBLED or (short and syllables == 1) else verb
