"""Pages of help, questions with their answers and procedures, as they are asked about, through the whole path."""

from rag.ask.flow import preview
from rag.types import Question

TODAY = "2026-06-08"
DOCUMENTS = {
    "counter-faq.txt": """COUNTER FAQ - please keep this next to the till
(last edited by Shona, 12 May 2026)

Q: When are you open?
A: Monday to Friday 07:00 to 17:30, Saturday 08:00 to 12:30. Closed Sundays and bank holidays.

Q: Do you deliver?
A: Yes, within 25 miles. £28 each way up to 10 miles, £45 each way beyond that.

Q: Do you sell petrol?
A: No. We sell two-stroke oil and Aspen 2 in 5-litre cans. The nearest petrol station is the Jet on Harbour Road.

Q: Can somebody else collect for me?
A: Yes, if you tell us the name beforehand and they bring photo ID. The deposit has to be on your own card.

Q: Can I extend my hire?
A: Ring before it ends. Usually yes, unless the item is booked by somebody else.

Q: What if the tool stops working on site?
A: Stop using it, ring 01632 960 412 and have the hire number ready. We swap it within 4 working hours inside our
delivery area. Don't try to repair it yourself, that voids the waiver.

Q: Do you do training?
A: A free 20-minute handover with every machine. Full courses are run by Northern Plant Training, not by us.
""",
}


def test_the_answer_to_another_question_of_the_page_is_not_quoted(workspace):
    answer = preview(Question("the tool broke down on site what now", as_of=TODAY), workspace)
    assert answer.verdict.outcome == "answered"
    assert "Stop using it" in answer.text
    assert "Ring before it ends" not in answer.text


def test_no_is_told_with_the_question_that_it_answers(workspace):
    answer = preview(Question("do you sell petrol", as_of=TODAY), workspace)
    assert "Q: Do you sell petrol? A: No. We sell two-stroke oil" in answer.text
    cited = answer.verdict.statements[0].citations[0]
    text = workspace.catalog.text(cited.document_id, cited.version).text
    assert text[cited.start : cited.end] == cited.quote
