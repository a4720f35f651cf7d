"""The form of a question is read off its words."""

import pytest

from rag.ask.question.form import language, negated, read_shape


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How do I reset the router?", "en"),
        ("Wie setze ich das Gerät zurück?", "de"),
        ("Comment réinitialiser le routeur ?", "fr"),
        ("¿Cómo puedo reiniciar el router?", "es"),
        ("Come posso riavviare il router?", "it"),
        ("Como posso reiniciar o router da Otter?", "pt"),
        ("Hoe kan ik het apparaat resetten?", "nl"),
        ("如何重置路由器?", "zh"),
        ("ルーターをリセット", "ja"),
        ("Как сбросить роутер?", "ru"),
        ("كيف أعيد التشغيل؟", "ar"),
        ("HX-2104", ""),
        ("warranty", ""),
    ],
)
def test_language(text, code):
    assert language(text) == code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("what cannot be returned?", ("returned",)),
        ("pairing without the app, how?", ("app",)),
        ("which routers don't support WPA3", ("support",)),
        ("is it not, or is the cable broken?", ()),
        ("which routers support WPA3", ()),
    ],
)
def test_negation(text, found):
    assert negated(text) == found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What is the difference between the Kestrel 4 and the Kestrel 6?", ("the Kestrel 4?", "the Kestrel 6?")),
        ("kestrel 4 vs kestrel 6 range", ("kestrel 4 range", "kestrel 6 range")),
        ("Compare HX-2104 and HX-2105", ("HX-2104", "HX-2105")),
        ("difference between a hub and a switch", ("hub", "switch")),
        (
            "Were Scott Derrickson and Ed Wood of the same nationality?",
            ("Were Scott Derrickson of the same nationality?", "Were Ed Wood of the same nationality?"),
        ),
        (
            "Are both Elko Airport and Gerald R. Ford Airport in Michigan?",
            ("Are both Elko Airport in Michigan?", "Are both Gerald R. Ford Airport in Michigan?"),
        ),
        (
            "Which is based in Kentucky, Vocelli Pizza or Fazoli's?",
            ("Which is based in Kentucky, Vocelli Pizza?", "Which is based in Kentucky, Fazoli's?"),
        ),
        (
            "Which film came out first, The Prairie King or Storm (1955 film)?",
            ("Which film came out first, The Prairie King?", "Which film came out first, Storm (1955 film)?"),
        ),
        (
            "Do director of film Amistad and director of film The Pixar Story share the same nationality?",
            (
                "Do director of film Amistad share the same nationality?",
                "Do director of film The Pixar Story share the same nationality?",
            ),
        ),
    ],
)
def test_a_comparison_asks_of_both(text, asked):
    assert read_shape(text) == ("comparison", asked)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("warranty of Kestrel 4 and 6", ("warranty of Kestrel 4", "warranty of Kestrel 6")),
        ("warranty of Kestrel 6 and 6 Pro", ("warranty of Kestrel 6", "warranty of Kestrel 6 Pro")),
        ("warranty of Kestrel 6 Pro and 4", ("warranty of Kestrel 6 Pro", "warranty of Kestrel 4")),
        ("What do the Kestrel 5 and 6 cost?", ("What do the Kestrel 5 cost?", "What do the Kestrel 6 cost?")),
        ("can Kestrel 5 and 6 Pro mesh?", ("can Kestrel 5 mesh?", "can Kestrel 6 Pro mesh?")),
        (
            "what do I do for HX-2104, HX-2203 and HX-3110?",
            ("what do I do for HX-2104?", "what do I do for HX-2203?", "what do I do for HX-3110?"),
        ),
    ],
)
def test_several_things_are_asked_of_each(text, asked):
    assert read_shape(text) == ("several", asked)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("pager number of the team that owns Vault?", ("the team that owns Vault",)),
        ("pager for whoever owns HX-1107?", ("whoever owns HX-1107",)),
        ("who was the father of the director of Forbidden Ground?", ("the director of Forbidden Ground",)),
        (
            "who leads the team that owns the component behind HX-6017",
            ("the component behind HX-6017", "the team that owns the component behind HX-6017"),
        ),
    ],
)
def test_a_chain_gives_its_links_the_innermost_first(text, links):
    assert read_shape(text) == ("chain", links)


@pytest.mark.parametrize(
    "text",
    [
        "how long is the warranty on the Kestrel 6?",
        "do returns after 30 and 60 days cost the same?",
        "do returns 30 and 60 days old cost the same?",
        "does the Kestrel take 5 or 6 batteries?",
        "who in the Access team knows that part?",
        "how loud is the fan?",
        "hold the button and wait",
        'who wrote "Bonnie and Clyde"?',
        "the King of Poland",
    ],
)
def test_a_question_about_one_thing_is_asked_as_it_is(text):
    assert read_shape(text) == ("single", ())


# Seconds where they took minutes: each used to be read again from each of its letters, words or signs on.
@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", ["a" * 4000, "A" * 4000, "A " * 2000, "A, " * 1333, "A-" * 2000, "aaa " + "1" * 3996])
def test_a_long_word_or_list_costs_no_time(text):
    assert read_shape(text).shape == "single"


def test_a_code_with_letters_of_either_case_is_a_thing():
    assert read_shape("hx-2104 and fwUp-21 mean what?").subqueries == ("hx-2104 mean what?", "fwUp-21 mean what?")
