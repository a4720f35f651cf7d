"""A question of a conversation stands alone by what it leaves out; one that names its own subject is left as it is."""

from functools import partial
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ask.conversation import follow_up
from rag.ask.conversation.earlier import Said
from rag.ask.conversation.follow_up import asks_of_another
from rag.ask.conversation.topic import names_anew
from rag.types import Ground

standalone = partial(follow_up.standalone, today="2026-06-01")
WARRANTY = "How long is the warranty on the Kestrel 6?"
REWRITTEN = [
    # The same question of something that has no name.
    ([WARRANTY], "and on the power adapter?", "How long is the warranty on the power adapter?"),
    ([WARRANTY, "and on the power adapter?"], "and on the Otter 2?", "How long is the warranty on the Otter 2?"),
    (
        [WARRANTY, "and on the power adapter?"],
        "what about in Spain?",
        "How long is the warranty on the power adapter? what about in Spain?",
    ),
    (["how long do you hold reset on the router?"], "and on a switch?", "how long do you hold reset on a switch?"),
    (["can I return a router?"], "without a receipt?", "can I return a router? without a receipt?"),
    (["opening hours?", "on Sundays?"], "and on Mondays?", "opening hours? on Mondays?"),
    (["How long is the Plank 8 guaranteed in Spain?"], "And in Italy?", "How long is the Plank 8 guaranteed in Italy?"),
    (["what does delivery to Spain cost?"], "and to Italy?", "what does delivery to Italy cost?"),
    # What "it" stood for comes along, or gives way.
    ([WARRANTY], "How much does one cost?", "How much does one cost? (Kestrel 6)"),
    ([WARRANTY], "is there a discount if I buy one?", "is there a discount if I buy one? (Kestrel 6)"),
    (["What is a Plank 8?", "is it taxed?"], "and in Spain?", "is it taxed? (Plank 8) and in Spain?"),
    (["What is a Plank 8?", "how do I reset it?"], "and on the Kestrel 6?", "how do I reset it? (Kestrel 6)"),
    (["What is a Plank 8?", "is it sold by post?"], "and by courier?", "is it sold by courier? (Plank 8)"),
    # One that asks something itself, or may be a heading, does not.
    (["what does a homeline 1000 cost?"], "and for how long?", "and for how long? (homeline 1000)"),
    (["what does a homeline 1000 cost?"], "for business customers", "for business customers (homeline 1000)"),
    # A new subject for the same question.
    (["who leads the Radio team?"], "and Network?", "who leads the Network team?"),
    (["how fast must we react to an S2?", "and S3?"], "and S4?", "how fast must we react to an S4?"),
    (
        ["how long do you hold reset on the Kestrel 4?"],
        "and on the Kestrel 6?",
        "how long do you hold reset on the Kestrel 6?",
    ),
    (["how fast must we react to an S2?"], "and S3?", "how fast must we react to an S3?"),
    (
        ["How long is the Bracken toaster guarantied?"],
        "And the Bracken kettle?",
        "How long is the Bracken kettle guarantied?",
    ),
    (["What does the Kestrel 6 cost?"], "and the 6 Pro?", "What does the Kestrel 6 Pro cost?"),
    (["What does the Kestrel 6 cost?", "and the 6 Pro?"], "minimum term?", "minimum term? (Kestrel 6 Pro)"),
    (
        ["What is the price of the Otter 2?"],
        "What about the Otter 3 in Spain?",
        "What is the price of the Otter 3 in Spain?",
    ),
    # A new question about the same subject.
    (["what is the warranty on a Plank 8?"], "how loud is it?", "how loud is it? (Plank 8)"),
    (["who leads the Radio team?"], "where do they sit?", "where do they sit? (Radio team)"),
    (["what does a homeline 1000 cost?"], "is it taxed?", "is it taxed? (homeline 1000)"),
    (["camera light is amber"], "what does she need?", "what does she need? (camera, light, amber)"),
    # Where something is asked for is not what it is asked of.
    (
        [WARRANTY, "and in Ireland?"],
        "is it covered if it falls into water?",
        "is it covered if it falls into water? (Kestrel 6)",
    ),
    ([WARRANTY], "and in Ireland?", "How long is the warranty on the Kestrel 6? and in Ireland?"),
    (
        ["How long is the Plank 8 guaranteed in Spain?"],
        "and the Kestrel 6?",
        "How long is the Kestrel 6 guaranteed in Spain?",
    ),
    (["What do I need in the Radio team?"], "where do they sit?", "where do they sit? (Radio team)"),
    (["What does a device in Homeline 300 cost?"], "is it taxed?", "is it taxed? (Homeline 300)"),
    # Another kind of the same thing: its row is another one.
    ([WARRANTY], "and the refurbished one?", "How long is the warranty on the refurbished one?"),
    (["warranty kestrel 6"], "what about a used one?", "warranty the used one"),
    (["Can the Plank 8 hang on a wall?"], "and can the Otter 2?", "Can the Otter 2 hang on a wall?"),
    # The reason of what was asked; it is no question to go on from.
    (["Can the Plank 8 hang on a wall?"], "why not?", "Can the Plank 8 hang on a wall? why not?"),
    ([WARRANTY, "why?"], "and in Ireland?", "How long is the warranty on the Kestrel 6? and in Ireland?"),
    # What is said out of politeness in between gives nothing.
    ([WARRANTY, "thanks!", "hello"], "is it extended by a repair?", "is it extended by a repair? (Kestrel 6)"),
    # "I'm" is no name.
    (["what if I'm late with a Plank 8?"], "is it taxed?", "is it taxed? (Plank 8)"),
    # What is put right is asked of the other thing.
    ([WARRANTY], "No, I meant the Plank 8", "How long is the warranty on the Plank 8?"),
    ([WARRANTY], "sorry, the Plank 8", "How long is the warranty on the Plank 8?"),
    ([WARRANTY], "ok then the Plank 8?", "How long is the warranty on the Plank 8?"),
    ([WARRANTY, "I mean the Plank 8"], "and the Otter 2?", "How long is the warranty on the Otter 2?"),
    # The same of another, which a number alone may name.
    ([WARRANTY], "is it the same for the Plank 8?", "How long is the warranty on the Plank 8?"),
    ([WARRANTY], "does that apply to the 4 too?", "How long is the warranty on the Kestrel 4?"),
    (["how do I reset a kestrel 4"], "and the 6?", "how do I reset a kestrel 6"),
    (["who is the lead of the radio team?"], "What about the platform team?", "who is the lead of the platform team?"),
    (
        ["who is the lead of the radio team?", "and a deputy?"],
        "what about the platform team?",
        "who is the lead of the platform team?",
    ),
    (["can my 15 year old come alone?"], "and a 16 year old?", "can my 16 year old come alone?"),
    (["price of a large day pass"], "and a small day pass?", "price of a small day pass"),
    (["when does the 45 minute class end?"], "what about the 60 minute class?", "when does the 60 minute class end?"),
    (["how do I reset a kestrel 4"], "and 6?", "how do I reset a kestrel 6"),
    ([WARRANTY], "Thanks! And the Plank 8?", "How long is the warranty on the Plank 8?"),
    ([WARRANTY], "thanks. how loud is it?", "how loud is it? (Kestrel 6)"),
    ([WARRANTY], "ok and for the Plank 8?", "How long is the warranty on the Plank 8?"),
    ([WARRANTY], "right and left lights blink?", "right and left lights blink?"),
    # What is added is no other thing, and an hour no place.
    (["How much is the Plank 8?"], "with VAT?", "How much is the Plank 8? with VAT?"),
    (["How much is the Plank 8?"], "and without VAT?", "How much is the Plank 8? and without VAT?"),
    (["Can I pay the Plank 8 by card?"], "and by PayPal?", "Can I pay the Plank 8 by PayPal?"),
    (["Which cable comes with the Plank 8?"], "and with the Otter 2?", "Which cable comes with the Otter 2?"),
    (["Is the shop at Harbour open?"], "and at 6 pm?", "Is the shop at Harbour open? and at 6 pm?"),
    (["Is the shop at Harbour open at 5 pm?"], "and at 6 pm?", "Is the shop at Harbour open at 6 pm?"),
    # A word that names nothing stands at the end of the question before.
    # Nothing of weight is left out, and still something is.
    (["When is check-in?"], "and check-out?", "When is check-in? and check-out?"),
    (["on 3 July 2026 who is on call for radio?"], "and platform?", "on 3 July 2026 who is on call for platform?"),
    (["what is the price of a Plank 8?"], "and delivery?", "and delivery? (Plank 8)"),
    # A name alone is asked the same, the shorter one too.
    ([WARRANTY], "Kestrel 4?", "How long is the warranty on the Kestrel 4?"),
    (
        ["how many devices can connect to the kestrel 6 pro"],
        "and to the 6?",
        "how many devices can connect to the kestrel 6",
    ),
    (["Kestrel 6 vs 6 Pro"], "how loud is it?", "how loud is it? (Kestrel 6)"),
    # A whole question about something that the documents know is a new one; one that says "the" leaves out of what.
    (["What does a small locker cost?"], "Where do visitors park?", "Where do visitors park?"),
    (["What does a small locker cost?"], "Is parking free?", "Is parking free?"),
    (["What does a small locker cost?"], "roos is off, who do i go to instead", "roos is off, who do i go to instead"),
    (["Who leads the Radio team?"], "she is off, who do i ask?", "she is off, who do i ask? (Radio team)"),
    (["price of the Kestrel 6?"], "can I extend the warranty?", "can I extend the warranty? (Kestrel 6)"),
    # What is asked of both, or which of them.
    (["difference between the Kestrel 4 and the Plank 8"], "price of both?", "price of Kestrel 4 and Plank 8?"),
    (
        ["price of the Kestrel 4 and the Plank 8"],
        "which one is cheaper?",
        "which one is cheaper, Kestrel 4 or Plank 8?",
    ),
    (["what does the Kestrel 4 cost?", "and the Plank 8?"], "price of both?", "price of Kestrel 4 and Plank 8?"),
    (
        ["what does the Kestrel 4 cost?", "and the Plank 8?"],
        "how long are both of them under warranty?",
        "how long are Kestrel 4 and Plank 8 under warranty?",
    ),
    (
        ["what does the Kestrel 4 cost?", "and the Plank 8?"],
        "which is cheaper",
        "which is cheaper, Kestrel 4 or Plank 8?",
    ),
    (
        ["what does the Kestrel 4 cost?", "and the Plank 8?"],
        "which is the number of the desk?",
        "which is the number of the desk? (Plank 8)",
    ),
    (
        ["difference between the Kestrel 4 and the Plank 8"],
        "do I pay it at once, in parts, or both?",
        "do I pay it at once, in parts, or both? (Kestrel 4, Plank 8)",
    ),
    # A name alone may be a place where one was asked for.
    (["opening hours in Lisbon?"], "and Porto?", "opening hours in Porto?"),
    (["opening hours in Lisbon?"], "and the Plank 8?", "opening hours in Lisbon? and the Plank 8?"),
    (["Can I learn to drive before I turn 18?"], "how much is it?", "how much is it? (learn, drive, turn, 18)"),
    # An answer to what the other side asked.
    (["what do you do with a lost parcel?"], "yes", "yes (lost, parcel)"),
    # How it is today.
    (["What was the fee of a Plank 8 in 2024?", "and now?"], "since when?", "since when? (Plank 8)"),
    (
        ["As of March 2025, how long was the warranty on the Plank 8?"],
        "and now?",
        "how long was the warranty on the Plank 8?",
    ),
    (["What was the return period in 2024?"], "what about today?", "What was the return period?"),
    (["What was the fee of a Plank 8 in 2024?", "and today?"], "and the Otter 2?", "What was the fee of a Otter 2?"),
    # Shorter questions in between asked on about the same subject.
    (
        ["what does a homeline 1000 cost a month?", "minimum term?"],
        "what if he leaves before that?",
        "what if he leaves before that? (homeline 1000, minimum, term)",
    ),
    (
        ["How many clips does Vault 7 keep?", "and how many cameras?"],
        "what does it cost?",
        "what does it cost? (Vault 7, cameras)",
    ),
]
ALONE = [
    (["who is Marie?"], "How do I reset the Kestrel 4?"),
    (["how loud is the Plank 8?"], "which documents does a customer need for a return abroad?"),
    ([], "and on the Kestrel 6?"),
    # "One" is anybody.
    ([WARRANTY], "How many days of leave does one get for moving house?"),
    ([WARRANTY], "Can one get sick pay during a sabbatical?"),
    # What asks nothing of documents takes nothing over.
    (["warranty kestrel 6"], "What is 2+2?"),
    (["warranty kestrel 6"], "hello"),
    (["warranty kestrel 6"], "Thanks a lot!"),
    (["warranty kestrel 6"], "yes, delivered to a neighbour last Monday morning"),
    (["warranty kestrel 6"], "a"),
    # "No" and "sorry" before a question of its own put nothing right.
    ([WARRANTY], "No internet on the Kestrel 4 after the update, which light matters?"),
    ([WARRANTY], "Sorry, what is the price of the Kestrel 4 then?"),
    (["what is a Plank 8?"], "who leads the platform team today?"),
    # What asks something itself of a name asks nothing again.
    ([WARRANTY], "And what does the Plank 8 weigh?"),
    ([WARRANTY], "and does the Kestrel 4 have Wi-Fi 7?"),
    ([WARRANTY], "but is the Plank 8 quiet?"),
    ([WARRANTY], "and if the Plank 8 is wet?"),
]


@pytest.mark.parametrize(("history", "text", "expected"), REWRITTEN)
def test_what_is_left_out_is_carried_over(history, text, expected):
    assert standalone(text, history) == (expected, ())


@pytest.mark.parametrize(("history", "text"), ALONE)
def test_a_question_with_a_subject_of_its_own_is_left_as_it_is(history, text):
    assert standalone(text, history) == (text, ())


MAIL = """Ticket 88123: Anna Berger wrote that her Otter Cam goes offline on the Drift Outdoor.
How long is the warranty?"""


@pytest.mark.parametrize(
    ("history", "text", "held", "expected"),
    [
        # Of a pasted mail only what the documents know comes along.
        ([MAIL], "what does it cost?", ["Otter Cam"], "what does it cost? (Otter Cam)"),
        # What they know nothing of is what "it" means where nothing else was named, and no part of a bare word.
        (["HX-9999"], "what does it mean?", [], "what does it mean? (HX-9999)"),
        (["HX-9999"], "reset", ["reset"], "reset"),
        ([WARRANTY], "reset", ["reset", "Kestrel 6"], "reset (Kestrel 6)"),
        # Letters that say nothing to the documents lean on nothing.
        ([WARRANTY], "asdfgh hjklq", ["Kestrel 6"], "asdfgh hjklq"),
    ],
)
def test_what_the_documents_do_not_hold_is_not_carried(history, text, held, expected):
    rewritten, _ = standalone(text, history, held=lambda names: [name for name in names if name in held])
    assert rewritten == expected


def test_a_person_who_answered_the_last_question_belongs_to_that_question_alone():
    said = Said("led by Mara Lindqvist", Ground("d1@v1:0-90", 20, 41), "d1")
    history = [WARRANTY, "who is the lead of the returns desk?"]
    rewritten, _ = standalone("and her deputy?", history, [said])
    assert rewritten == "and her deputy? (Mara Lindqvist, lead, returns, desk)"


def test_words_are_not_chained_from_turn_to_turn():
    turns = [WARRANTY, "minimum term?", "and anything sold refurbished as a spare part?", "delivery time?"]
    rewritten, _ = standalone("what does it cost?", turns)
    assert rewritten == "what does it cost? (Kestrel 6, delivery, time)"


@pytest.mark.parametrize(
    ("history", "refused", "text", "expected"),
    [
        # One that was refused and leant on another gives nothing.
        ([WARRANTY, "and abroad?"], (1,), "and by post?", f"{WARRANTY} and by post?"),
        ([WARRANTY, "battery included?"], (1,), "what does it cost?", "what does it cost? (Kestrel 6)"),
        (
            [WARRANTY, "battery included?"],
            (),
            "what does it cost?",
            "what does it cost? (Kestrel 6, battery, included)",
        ),
        # One that named its own subject, or began the conversation, is what is spoken of all the same.
        ([WARRANTY, "What does the Otter 9 cost?"], (1,), "is it taxed?", "is it taxed? (Otter 9)"),
        (["How do I scan at Ropewalk?", "and at Quay House?"], (1,), "is it free?", "is it free? (scan, Quay House)"),
        (["camera light is amber"], (0,), "what does she need?", "what does she need? (camera, light, amber)"),
    ],
)
def test_what_was_refused_gives_only_a_subject_of_its_own(history, refused, text, expected):
    assert standalone(text, history, refused=refused) == (expected, ())


def test_a_day_is_carried_with_the_words_around_it():
    carried, _ = standalone("how many routers were hit?", ["when did the update outage on 3 March start?", "and end?"])
    assert carried.startswith("how many routers were hit? (")
    assert {"update", "outage", "3"} <= set(carried.replace(",", "").replace("(", "").split())


@pytest.mark.parametrize(
    "turn", ["and the platform team?", "what about the spare one?", "and network?", "and on a Plank 8?"]
)
def test_long_conversations_are_read_in_no_time(turn):
    began = process_time()
    standalone(turn, [turn] * 40)
    assert process_time() - began < 1.0


def test_the_latest_subject_wins():
    rewritten, _ = standalone("how loud is it?", ["what is a Plank 8?", "what is a Kestrel 4?"])
    assert rewritten == "how loud is it? (Kestrel 4)"


def test_a_name_out_of_an_answer_comes_first_with_the_span_that_it_stands_in():
    said = Said("led by Mara Lindqvist", Ground("d1@v1:0-90", 20, 41), "d1")
    rewritten, carried = standalone("What is her number?", ["Who leads the Returns desk?"], [said])
    assert rewritten == "What is her number? (Mara Lindqvist, Returns desk)"
    (name,) = carried
    assert (name.text, name.document_id, name.start, name.end) == ("Mara Lindqvist", "d1", 27, 41)


def test_what_an_answer_said_stays_out_of_a_question_with_a_subject_of_its_own():
    said = Said("Mara Lindqvist", Ground("d1@v1:0-90", 20, 34), "d1")
    text = "Who wrote the Kestrel 4 manual for her?"
    assert standalone(text, ["Who leads the Returns desk?"], [said]) == (text, ())


@pytest.mark.parametrize(
    "text", ["Is there a fee for returning a router by post?", "Are there shops in Spain and Italy?"]
)
def test_there_is_and_there_are_point_at_nothing(text):
    assert standalone(text, ["What is the price of the Otter 2?"]) == (text, ())


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("And what does the Otter 3 cost?", ("Otter 3",)),
        ("What does HX-5011 mean?", ("HX-5011",)),
        ("How long does the Otter 2 record?", ()),
        ("Who is Mara Lindqvist?", ()),
        ("how long does that take?", ()),
    ],
)
def test_a_name_that_was_not_spoken_of_is_new(text, new):
    assert names_anew(text, ["What is the price of the Otter 2?", "Ask Mara Lindqvist."]) == new


@given(st.lists(st.text(max_size=40), max_size=4), st.text(max_size=60))
def test_whatever_was_said_the_own_words_of_a_question_stay_or_its_subject_is_asked_of(history, text):
    rewritten, _ = standalone(text, history)
    assert rewritten.startswith(text) or (history and rewritten != text)


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("how much to have the meter checked if they think its wrong", False),
        ("the display stays dark after an update, how do I restart it?", False),
        ("If I buy two of them, is it cheaper?", True),
        ("Does it have a guarantee if I drop it?", True),
        ("My daughter, can she use it?", True),
        ("how long is the guarantee of it", True),
    ],
)
def test_a_word_that_points_at_what_the_question_names_itself_does_not_point_back(question, leans):
    text, _ = standalone(question, ["What does the Heron 6 cost?"])
    assert ("Heron 6" in text) == leans


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("and the Heron 4?", True),
        ("no, I meant the Plank 8", True),
        ("is it the same for the 4?", True),
        ("how loud is the Heron 4?", False),
        ("and what does the Heron 4 weigh?", False),
        ("and in Ireland?", False),
        ("and without VAT?", False),
        ("what does it cost?", False),
    ],
)
def test_what_was_asked_before_is_asked_of_another_thing(question, another):
    assert asks_of_another(question, ["What does the Heron 6 cost?"]) == another
    assert not asks_of_another(question, [])
