"""A question for a telephone number, an e-mail or a web address is answered by what gives one."""

import pytest

from rag.ask.question.contacts import Contact, contact_of
from rag.ask.quoting.wanted import Wanted
from rag.sentences import sentence_spans

ASKS = {
    "phone": [
        "What is the phone number of the returns desk?",
        "phone number of Moravel Service?",
        "what's Giulia Ferrante's phone number?",
        "and her direct line?",
        "which number do I call after an accident abroad?",
        "Do we have a fax number for the print room?",
        "swiftlane customer service number",
        "what is the support number of the carrier",
        "How do I reach support by phone?",
        "how can customers get hold of the carrier over the phone",
    ],
    "mobile": ["mobile number koen maes", "What is Pavel's mobile number?", "mobile of Oskar Lenz", "his cell number?"],
    "mail": [
        "e-mail address of Mara Lindqvist?",
        "What is the email for complaints?",
        "which e-mail do security reports go to?",
        "her e-mail?",
        "How do we contact the lab via email?",
    ],
    "web": ["what is the web address for returns?", "URL of the status page", "What's the website of the carrier?"],
}
OTHERS = [
    "How do I change my e-mail address?",
    "What is the e-mail limit for attachments?",
    "Which phone does she need for the app?",
    "Who answers the hotline on Sundays?",
    "How many contact numbers may an account have?",
    "Can I keep my telephone number when I move?",
    "What happens to the e-mail of somebody who leaves?",
    "When was the website last changed?",
    "What is the contract number?",
    "mobile app crashes",
    "How do I call the API by name?",
    "How do I pay by phone?",
    "How can I contact support by e-mail or phone?",
    "How do I reach the desk by chat, post or by phone?",
    "How long do I wait when I reach support by phone?",
    "May I hand out Pavel's mobile number to a customer?",
]
GIVES = {
    "phone": [
        "Call +353 21 555 0142.",
        "Phone: 4412",
        "Support: ext. 42",
        "Support: 020.555.01.42",
        "The desk, +31.20.555.0142.",
        "Mara, (040) 555-0101",
        "The phone number is on the label.",
    ],
    "mobile": ["Koen Maes | Ghent | 0470 555 01 23", "His mobile number is on the rota."],
    "mail": ["Write to data@vcr.example.", "The e-mail address stands on the invoice."],
    "web": ["See hexmoor.example/return.", "Open http://192.168.40.1 first."],
}
LACKS = {
    "phone": [
        "The courier gets name, address and phone number.",
        "Contract number HX-MOR-2024.",
        "In force since 2026-05-05.",
        "It costs €1,200,000 in all.",
        "In force since 01.05.2026.",
        "It costs 1.200.000 euros.",
        "Version 0.12.20.1 is out.",
        "The address is 10.0.20.100.",
    ],
    "mobile": ["Koen Maes | Ghent | ext. 270"],
    "mail": ["Giulia has no e-mail.", "Call +353 21 555 0142."],
    "web": ["In force for all orders placed in the web shop.", "Write to data@vcr.example"],
}


@pytest.mark.parametrize(("kind", "question"), [(kind, each) for kind in ASKS for each in ASKS[kind]])
def test_what_is_asked_for(kind, question):
    assert contact_of(question) == Contact(kind)


@pytest.mark.parametrize("question", OTHERS)
def test_a_question_about_one_asks_for_none(question):
    assert contact_of(question) is None


@pytest.mark.parametrize(("kind", "sentence"), [(kind, each) for kind in GIVES for each in GIVES[kind]])
def test_a_sentence_that_gives_it(kind, sentence):
    assert Contact(kind).told_in(sentence)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, each) for kind in LACKS for each in LACKS[kind]])
def test_a_sentence_that_does_not(kind, sentence):
    assert not Contact(kind).told_in(sentence)


def test_a_short_number_is_one_in_a_column_for_it(evidence_of):
    (hit,) = evidence_of("x", "Team | Lead | Extension\nReturns | Mara | 4412\nNetwork | Ines | -").hits
    text = hit.passage.chunk.text
    kept = Wanted("what is the phone number of the returns team?").kept(hit, sentence_spans(text))
    assert [text[start:end] for start, end in kept] == ["Returns | Mara | 4412"]
