"""Questions in another language are told from English ones, and from names, codes and keywords."""

import pytest

from rag.ask.question.tongue import told_of, tongue

FOREIGN = [
    ("Kestrel 6 Garantie?", "de"),
    ("Wie lange ist die Garantie auf den Kestrel 6?", "de"),
    ("wo ist meine Rechnung", "de"),
    ("Combien de temps dure la garantie du Kestrel 6 ?", "fr"),
    ("comment réinitialiser le routeur", "fr"),
    ("¿Cuánto dura la garantía del Kestrel 6?", "es"),
    ("precio kestrel 6", "es"),
    ("Quanto dura la garanzia del Kestrel 6?", "it"),
    ("Qual é a garantia do Kestrel 6?", "pt"),
    ("Hoe lang is de garantie op de Kestrel 6?", "nl"),
    ("Ile trwa gwarancja na Kestrel 6?", "pl"),
    ("Kestrel 6 の保証期間は？", "ja"),
    ("كم مدة ضمان Kestrel 6؟", "ar"),
    ("Сколько длится гарантия?", "ru"),
]
ENGLISH = [
    "HX-2312",
    "Kestrel 6 price",
    "Kestrel 6",
    "warranty",
    "How long is the warranty on the Kestrel 6?",
    "Los Angeles office hours",
    "Das Boot",
    "el nino",
    "El Salvador shipping",
    "Who is Jean de la Fontaine?",
    "Tomas Okafor",
    "Kestrel 6 Flumox",
    "what does Garantie mean on the box?",
    "resistor 10 kΩ",
    "Was the kestrel sold in Zürich?",
    "café wifi",
    "2024-25",
    "µ",
]


@pytest.fixture
def vocabulary(vocabulary_of):
    return vocabulary_of(
        ("Kestrel 6 manual", "Warranty", "The warranty of the Kestrel 6 is 60 months. The router has a price."),
    )


@pytest.mark.parametrize(("text", "code"), FOREIGN)
def test_another_language_is_told(vocabulary, text, code):
    assert tongue(text, vocabulary) == code


@pytest.mark.parametrize("text", ENGLISH)
def test_names_codes_and_keywords_are_no_language(vocabulary, text):
    assert tongue(text, vocabulary) == ""


def test_what_the_documents_hold_is_looked_up_in_any_language(vocabulary_of):
    own = vocabulary_of(("Handbuch", "Garantie", "Die Garantie auf den Kestrel 6 ist 60 Monate lang. 保証期間"))
    assert tongue("Kestrel 6 Garantie?", own) == ""
    assert tongue("保証期間", own) == ""


def test_a_person_is_told_which_language_it_looks_like():
    assert "looks German: put it in English" in told_of("de")
    assert "Put this one in English" in told_of("und")
