"""Closed word lists of the extraction: words that start sentences but name nothing, and words that join names."""

from __future__ import annotations

ARTICLES = frozenset("the a an".split())

MONTHS = "January February March April May June July August September October November December".split()

_DAYS = "monday tuesday wednesday thursday friday saturday sunday"

# Function words, and words that often stand first in a sentence; never an entity by themselves.
STOP_WORDS = frozenset(
    (
        "a about above according across additionally after afterwards again against all almost along already also"
        " although always am among an and another any anyone anything are around as aside at away back be became"
        " because become been before behind being below besides between beyond both but by came can cannot come"
        " could did do does doing done down during each earlier eight either else even eventually ever every everyone"
        " everything example except few finally first five following for former formerly four from further"
        " furthermore generally get given go had has have having he hence her here hers herself him himself his how"
        " however i if in including indeed initially instead into is it its itself just last lastly later latter least"
        " less let like likewise many may maybe me meanwhile might mine more moreover most mostly much must my myself"
        " near nearly neither never nevertheless next nine no nobody none nonetheless nor not nothing notably note now"
        " of off often ok on once one only onto or originally other others otherwise our ours out over overall own part"
        " per perhaps please please previously quite rather really recently regarding same second see seven several"
        " shall she should similarly since six so some somebody someone something sometimes soon still subsequently"
        " such ten than that the their theirs them themselves then there thereafter therefore these they third this"
        " those though three through throughout thus to today together too toward towards two typically under unless"
        " unlike until up upon us use used using usually various very via was we well went were what whatever when"
        " whenever where whereas wherever whether which while who whoever whole whom whose why will with within without"
        " would yes yet you your yours yourself na vs etc"
        f" {_DAYS} "
    ).split()
) | frozenset(month.lower() for month in MONTHS)

# Capitalized in contracts and manuals, but they name whoever is meant there.
GENERIC_NOUNS = frozenset(
    (
        "agreement answer appendix article author buyer chapter client company contents corporation customer department"
        " device document example faq figure firm group guide heading information introduction item manual manufacturer"
        " member name notes organization overview page paragraph part party person policy problem procedure product"
        " provider question references result seller section see service staff step steps summary supplier system"
        " table team text tip title topic user vendor version warning caution important"
    ).split()
)

# Written with capitals, but no names.
UNITS = frozenset("khz mhz ghz kb mb gb tb kbit mbit gbit kbit/s mbit/s gbit/s mb/s gb/s kw kwh mw dbm".split())

# Lower-case words that may stand inside a name, longest alternatives first.
CONNECTORS = (
    "of the",
    "and the",
    "de la",
    "de los",
    "van der",
    "van den",
    "von der",
    "of",
    "the",
    "and",
    "&",
    "de",
    "del",
    "della",
    "di",
    "da",
    "du",
    "dos",
    "la",
    "le",
    "van",
    "von",
    "der",
    "den",
    "al",
    "bin",
    "ibn",
    "y",
)

# A full stop behind these ends no sentence.
ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr st mt ft prof gen lt col sgt capt rev hon sen gov jr sr vs no nos fig eq approx dept est ca cf"
        " e.g i.e eg ie inc ltd co corp vol ed eds pp"
    ).split()
)

ROMAN_NUMERALS = frozenset("ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi".split())
