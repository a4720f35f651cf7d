"""Rules for text in German, French and Spanish that is addressed to an assistant rather than to its readers.

They are written without accents, as those of `rag.safety.tongues`. A handbook tells people what a chatbot must say, so
that is noted; who speaks to the machine itself ("KI-Systeme, die das lesen", "si tu es un modèle de langage") is no
handbook.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.safety.rule import Rule, needed

_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of one language, as patterns.

    Args:
        keys: One of them stands in every text that speaks of such a machine.
        machines: How assistants are called; a bare "assistant" may be a person.
        reading: "Who read this", behind them.
        note: "A note to", before them.
        you_are: "If you are a", before them, and what stands behind them.
        must_say: "Must say", behind them.
    """

    keys: str
    machines: str
    reading: str
    note: str
    you_are: tuple[str, str]
    must_say: str


_TONGUES = {
    "german": _Words(
        "ki ai llm/s chatbot/s chat sprachmodell sprachmodelle sprachmodellen",
        r"(?:(?:ki|ai)-?\s?(?:assisten\w*|system\w*|modell\w*|agent\w*|tools?|anwendung\w*|bots?)|sprachmodelle?n?"
        r"|chat-?bots?|llms?)",
        r",?\s+(?:die|welche|das|der)\s+(?:das|dies\w*|den\s+text|die\s+(?:seite|datei))\s+(?:hier\s+)?(?:\w+\s+)?"
        r"(?:lesen|liest|verarbeite[nt]|auswerte[nt]|zusammenfass(?:en|t))\b",
        r"\b(?:hinweis|nachricht|notiz|anweisung|achtung|mitteilung)(?:en)?\s*(?:an|fur|:)\s*(?:alle\s+|die\s+)?",
        (r"\b(?:wenn|falls|sofern)\s+(?:du|sie)\s+eine?\s+(?:\w+\s+)?", r"\s+(?:bist|sind)\b"),
        r"\s+(?:sollen|sollten|mussen|mussten|haben|soll|muss)\b.{0,80}?\b(?:sagen|antworten|behaupten|angeben|mitteilen"
        r"|empfehlen|verschweigen)\b",
    ),
    "french": _Words(
        "ia ai llm/s chatbot/s chat langage virtuel virtuels",
        r"(?:assistants?\s+(?:ia|ai|d'ia|virtuels?)|(?:systemes?|agents?|modeles?|outils?)\s+(?:d'\s?)?ia"
        r"|modeles?\s+de\s+langage|chat-?bots?|llms?|ia)",
        r"\s+qui\s+(?:lisent|lit|lisez|traite(?:nt)?|resume(?:nt)?|analyse(?:nt)?)\s+(?:ceci|cela|ces?|cette|le\s+texte)\b",
        r"\b(?:note|message|avis|attention|remarque)\s*(?:aux?|pour|a\s+l'attention\s+des?|:)\s*(?:les?\s+|tous\s+les\s+)?",
        (r"\bsi\s+(?:tu\s+es|vous\s+etes)\s+une?\s+(?:\w+\s+)?", r"\b"),
        r"\s+(?:doit|doivent|devra|devront|devraient)\b.{0,40}?\b(?:dire|repondre|affirmer|declarer|recommander|taire)\b",
    ),
    "spanish": _Words(
        "ia ai llm/s chatbot/s chat lenguaje virtual virtuales inteligencia",
        r"(?:(?:asistentes?|sistemas?|agentes?|modelos?|herramientas?)\s+(?:de\s+)?(?:ia|ai|inteligencia\s+artificial"
        r"|virtual(?:es)?)|modelos?\s+de\s+lenguaje|chat-?bots?|llms?|ia)",
        r"\s+que\s+(?:lean?|leen?|procesen?|procesa|resuman?|analicen?)\s+(?:esto|este|esta|estos|el\s+texto)\b",
        r"\b(?:nota|mensaje|aviso|atencion|advertencia)\s*(?:para|a|:)\s*(?:los\s+|las\s+|todos\s+los\s+|el\s+)?",
        (r"\bsi\s+(?:eres|(?:usted\s+)?es)\s+una?\s+(?:\w+\s+)?", r"\b"),
        r"\s+(?:debe|deben|debera|deberan|tiene\s+que|tienen\s+que)\b.{0,40}?\b(?:decir|responder|afirmar|contestar"
        r"|recomendar|ocultar)\b",
    ),
}


def addressed_tongue_rules() -> dict[str, Rule]:
    """Return the rules by name."""
    found: dict[str, Rule] = {}
    for name, words in _TONGUES.items():
        before, behind = words.you_are
        spoken_to = (
            rf"\b{words.machines}{words.reading}|{words.note}{words.machines}\s*[:|,–—]"
            rf"|{before}{words.machines}{behind}"
        )
        needs = (needed(words.keys),)
        found[f"to_machines_{name}"] = Rule(re.compile(spoken_to, _I), "speaks to an assistant", needs=needs)
        found[f"machines_must_{name}"] = Rule(
            re.compile(rf"\b{words.machines}{words.must_say}", _I),
            "says what an assistant must say",
            severe=False,
            needs=needs,
        )
    return found
