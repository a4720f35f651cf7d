"""Whether a question is in another language than English, which is the only one that is read."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from rag import lexis
from rag.ask.question import form
from rag.english import is_listed
from rag.protocols import Vocabulary

# What people write to a support desk in other languages, beside the small words that `rag.ask.question.form` knows;
# words that are English too are not counted.
_WORDS: Mapping[str, frozenset[str]] = {
    "de": frozenset(
        "wie wo wann warum wer wem wen was lange viel viele gibt geht gilt gelten kostet kosten preis preise garantie "
        "gewährleistung rechnung lieferung versand rückgabe rücksendung umtausch kaputt defekt defekte hilfe gerät "
        "geräte kunde kunden bestellung kündigung kündigen erstattung zurück setze setzen muss müssen darf dürfen soll "
        "habe haben hat sind wir sie ihr ihre mein meine auf bei nach von zur oder auch wenn dass dem eines einem "
        "einen keine kein öffnungszeiten zubehör anleitung netzteil zurücksetzen".split()
    ),
    "fr": frozenset(
        "combien temps garantie prix facture livraison retour remboursement commande panne aide client clients dure "
        "durée coûte peut puis sont votre notre quelle quels quelles comment cette ces mes avez avoir faire mot "
        "réparation échange mode horaires d'ouverture annuler "
        "réinitialiser routeur".split()
    ),
    "es": frozenset(
        "cuánto cuanto cuánta cuántos dura garantía precio precios factura envío devolución reembolso pedido ayuda "
        "cliente clientes tiene tengo puede quien quién hasta donde cuando porque esta este hay sobre cambiar "
        "reparación cuesta horario cancelar cámara restablecer".split()
    ),
    "it": frozenset(
        "quanto quanta garanzia prezzo prezzi fattura spedizione reso rimborso ordine guasto aiuto cliente clienti "
        "dura costa posso chi questo questa sono dove orari annullare riparazione".split()
    ),
    "pt": frozenset(
        "quanto quanta garantia preço preços fatura entrega devolução reembolso pedido ajuda cliente clientes tempo "
        "custa posso quem tem esta este onde horário cancelar reparação".split()
    ),
    "nl": frozenset(
        "hoeveel lang hoelang garantie prijs prijzen factuur levering retourneren terugbetaling bestelling kapot hulp "
        "klant klanten kost kosten wie deze dit heb heeft moet mag openingstijden opzeggen".split()
    ),
    "pl": frozenset(
        "ile jak gdzie kiedy dlaczego kto co jest gwarancja gwarancji cena faktura dostawa zwrot pomoc klient trwa na "
        "mogę czy nie dla".split()
    ),
}
_ENGLISH = lexis.STOP_WORDS | frozenset("many much long often far old".split())
_NAMES: Mapping[str, str] = {
    "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish",
    "ja": "Japanese", "ko": "Korean", "zh": "Chinese", "ru": "Russian", "el": "Greek", "ar": "Arabic", "he": "Hebrew",
    "hi": "Hindi", "th": "Thai",
}  # fmt: skip
# So much of the letters of a question must be of another script.
_FOREIGN_SHARE = 0.25
# So many English words may be the name of a thing.
_MOST_NAMED = 2


def tongue(text: str, vocabulary: Vocabulary) -> str:
    """Return the ISO 639 code of the language of a question that is not English; empty for every other question.

    Names and codes are of no language, and what the documents hold can be looked up, whatever it is. So a question is
    of another language where words that give one away are neither English nor in the documents, and are more than the
    small English words beside them.

    Args:
        text: The question, as it was typed.
        vocabulary: The words of the documents.
    """
    words = list(dict.fromkeys(lexis.words(text)))
    if _is_of_another_script(text):
        strange = [word for word in words if not word.isascii()]
        return "" if vocabulary.known(strange) else _script(text)
    english = {word for word in words if word in _ENGLISH}
    telling = {code: _telling(words, code) for code in _WORDS}
    code = max(telling, key=lambda each: len(telling[each]))
    strange = [word for word in telling[code] if word not in english and not is_listed(word)]
    foreign = set(strange) - vocabulary.known(strange)
    # "El Salvador" and "Das Boot" are names; "Garantie" is none.
    if not foreign or not (foreign & _WORDS[code] or len(foreign) > 1):
        return ""
    n_own = len(english - set(telling[code]))
    return code if len(set(telling[code])) > n_own + _n_english(words, telling[code]) else ""


def told_of(code: str) -> str:
    """Return what to tell a person whose question is in a language."""
    named = f"This one looks {_NAMES[code]}: put it" if code in _NAMES else "Put this one"
    return f"Footnote reads English questions. {named} in English, and ask again."


def _telling(words: list[str], code: str) -> list[str]:
    known = _WORDS[code] | form.TELLING.get(code, frozenset())
    return [word for word in words if word in known]


def _n_english(words: list[str], telling: list[str]) -> int:
    """Return how many words are plainly English, beside the small ones: not one that may be a name, as "kestrel"."""
    plain = [word for word in words if word not in telling and word not in _ENGLISH and is_listed(word)]
    return max(0, len(plain) - _MOST_NAMED)


def _script(text: str) -> str:
    """Return the language of a text in another script; one with kana is Japanese, however few they are."""
    kana = any(unicodedata.name(char, "").startswith(("HIRAGANA", "KATAKANA")) for char in text)
    return "ja" if kana else form.language(text) or "und"


def _is_of_another_script(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    other = [char for char in letters if not unicodedata.name(char, "LATIN").startswith(("LATIN", "FULLWIDTH LATIN"))]
    # Units and formulas: "What is the µ of 10 kΩ?"
    return len(other) > 1 and len(other) >= _FOREIGN_SHARE * len(letters)
