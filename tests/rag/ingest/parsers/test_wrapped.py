"""Lines that were broken to fit a width are put together again; lines that were meant stay."""

import pytest

from rag.ingest.parsers.markdown import markdown_blocks
from rag.ingest.parsers.plain import paragraphs
from rag.ingest.parsers.wrapped import joins, unwrapped, width_of

MAIL = """\
Which products? The lots were packed with the Heron 4 and the Wren Duo
that left us between 3 November and 30 January. The Wren Trio uses the
same type but was packed from older lots in that time, so it is
not affected. The attached list says which lot went into which box.

1. Ask the customer to unplug the adapter and read the four figures in
   the lower right corner of the label.
2. No label: treat it as affected.

Lena
Logistics
Example Networks Ltd
"""


def test_a_sentence_over_several_lines_is_one():
    texts = [block.text for block in paragraphs(MAIL)]
    assert texts[0].count("\n") == 0
    assert "so it is not affected. The attached list" in texts[0]
    assert (
        texts[1]
        == "1. Ask the customer to unplug the adapter and read the four figures in the lower right corner of the label."
    )


def test_short_lines_are_meant():
    assert paragraphs(MAIL)[-1].text == "Lena\nLogistics\nExample Networks Ltd"


def test_what_a_mail_quotes_is_joined_to_itself_and_its_marks_stand_once():
    lines = [
        "On Monday somebody wrote:",
        "> From Monday 18 May your contact in network operations is Brenda",
        "> Tighe, direct line 0138, weekdays from half past seven on.",
        ">",
        "> Regards",
    ]
    assert unwrapped(lines, width_of("\n".join(lines))) == [
        "On Monday somebody wrote:",
        (
            "> From Monday 18 May your contact in network operations is Brenda Tighe, direct line 0138, weekdays from "
            "half past seven on."
        ),
        ">",
        "> Regards",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Owner: Mara Lind\nRoom: 12\nPhone: 5521\nDesk of the people who look after the keys, second floor",
        (
            "2026-05-01 12:00:01 INFO the pump of the second line was started by hand\n"
            "2026-05-01 12:00:07 INFO the pump of the second line was stopped by hand"
        ),
        (
            "name            what it does for those who read the whole of this line\n"
            "valve           lets water through to the second basin of the garden"
        ),
        "x" * 400 + "\n" + "Second paragraph of a text that was never wrapped at all.",
    ],
)
def test_lines_that_stand_for_themselves_stay(text):
    lines = text.split("\n")
    assert unwrapped(lines, width_of(text)) == lines


def test_a_text_without_lines_has_nothing_to_join():
    assert (unwrapped([], 72), joins([], 72), width_of("")) == ([], [], 0)


def test_a_paragraph_of_markdown_is_joined_and_its_hard_breaks_stay():
    text = (
        "The pump starts by itself when the water stands higher than the second\n"
        "mark, and stops when the *basin* is empty. It never runs for more than\n"
        "[two hours](https://example.com/two-hours) at a time.\n\n"
        "- The valve must be open before the pump is started, or the pipe will\n"
        "  burst.\n\n"
        "Line one of an address that is long enough to be taken for wrapped,\\\n"
        "line two of it.\n"
    )
    blocks = [block.text for block in markdown_blocks(text)]
    assert blocks[0].endswith(
        "second mark, and stops when the basin is empty. It never runs for more than two hours at a time."
    )
    assert blocks[1] == "The valve must be open before the pump is started, or the pipe will burst."
    assert "\n" in blocks[2]


MINUTES = """\
Present: Ines Moreau, Tomas Beck, Ann Cole, Piet Wolff (technical), Hanne Brix (finance), Lu Tan
Excused: Dev Malik

2. Wi-fi
   The free wi-fi for visitors stays limited to 30 minutes a day per device. Ann proposed
   60 minutes; put off until we know the costs.
   Rooms with routers of their own disturb the network.

Graves
   A grave for two, 1,480 pounds
   A grave for one, 1,120 pounds
   A grave for ashes, 410 pounds
   A grave in the wood, 1,650 pounds
For people who did not live in the parish all prices are doubled. Children under
18 are buried free of charge, and those who
were born here pay half.
"""


def test_a_sentence_that_a_line_begins_and_does_not_end_goes_on_though_most_lines_stand_for_themselves():
    lines = [line for block in paragraphs(MINUTES) for line in block.text.split("\n")]
    assert (
        "The free wi-fi for visitors stays limited to 30 minutes a day per device. Ann proposed 60 minutes; put off"
        in ("\n".join(lines))
    )
    assert "For people who did not live in the parish all prices are doubled. Children under 18 are buried free of" in (
        "\n".join(lines)
    )
    assert "A grave for one, 1,120 pounds" in lines


def test_an_item_that_hangs_below_its_first_word_goes_on_however_narrow_it_is():
    text = (
        "These may not go in:\n"
        "- shoes with rubber soles\n"
        "- books of more than 100 pages, as they do\n"
        "  not burn through\n"
        "   - Sora is on leave from 21 December to\n"
        "     6 January; Ines stands in for her.\n"
        "A letter is fine.\n"
    )
    assert [line for block in paragraphs(text) for line in block.text.split("\n")] == [
        "These may not go in:",
        "shoes with rubber soles",
        "books of more than 100 pages, as they do not burn through",
        "Sora is on leave from 21 December to 6 January; Ines stands in for her.",
        "A letter is fine.",
    ]


def test_lines_of_an_item_that_list_things_stay():
    text = "- Colours that we have\n  red\n  blue\n- What you bring to the evening of the course\n  towel\n  soap\n"
    assert [block.text for block in paragraphs(text)] == [
        "Colours that we have\nred\nblue",
        "What you bring to the evening of the course\ntowel\nsoap",
    ]


def test_a_sentence_of_markdown_is_one_wherever_its_lines_break():
    text = (
        "Send a note of your doctor within seven days: the board gives back half of the fee, or a new date for half of "
        "it. Without a note of a doctor nothing\nis given back.\n\n"
        "Without a note of a doctor nothing\nis given back to anybody,\nhowever long it was.\n\n"
        "red\ngreen\nblue"
    )
    first, second, colours = (block.text for block in markdown_blocks(text))
    assert first.endswith("Without a note of a doctor nothing is given back.")
    assert second.startswith("Without a note of a doctor nothing is given back to anybody")
    assert colours == "red\ngreen\nblue"


def test_items_with_a_letter_before_them_are_not_joined():
    lines = [
        "Connect the lead of the charger before you switch it on",
        "c. Select the third profile",
        "iv) Switch it on",
    ]
    assert joins(lines, 60) == [False, False]


def test_a_text_may_be_wrapped_to_140_characters():
    line = (
        "The third child of a family pays half of what the first one pays, and that holds for the hire of instruments "
        "too, which is counted by"
    )
    assert unwrapped([line, "Mrs Cotterill."], width_of(f"{line}\n")) == [f"{line} Mrs Cotterill."]
