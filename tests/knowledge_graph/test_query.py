from knowledge_graph.extract import extract
from knowledge_graph.graph import KnowledgeGraph
from knowledge_graph.types import SourceText

FILMS = {
    "ground": ("Forbidden Ground", "Forbidden Ground is a film directed by Pál Gábor."),
    "gabor": ("Pál Gábor", "Pál Gábor was born in Budapest."),
    "harbour": ("Silent Harbour", "Silent Harbour is a film directed by Anna Bell."),
    "bell": ("Anna Bell", "Anna Bell was born in Lisbon."),
    "other": ("Tides", "This one is about the sea."),
}


def graph_of(texts: dict[str, tuple[str, str]]) -> KnowledgeGraph:
    return KnowledgeGraph(extract(SourceText(name, text, title=title)) for name, (title, text) in texts.items())


def found(question: str, seeds: dict[str, float] | None = None, limit: int = 10) -> list[str]:
    return [near.source_id for near in graph_of(FILMS).neighbours(question, seeds or {}, limit=limit)]


def test_a_second_hop_is_reached_through_the_entity_between():
    assert found("Where was the director of Forbidden Ground born?") == ["ground", "gabor"]


def test_seeds_lead_on_where_the_question_names_nothing():
    assert found("where was its director born", {"harbour": 1.0}) == ["harbour", "bell"]


def test_names_in_small_letters_are_known():
    assert found("who directed forbidden ground")[0] == "ground"


def test_plurals_of_the_question_are_known():
    graph = graph_of({"a": ("", "An access point is a device."), "b": ("", "nothing")})
    assert graph.entities("which access points fail") == {"access point": 0.5}


def test_words_of_the_question_that_mean_nothing_are_no_entities():
    graph = graph_of({"a": ("What Is", "It fails."), "b": ("The Who", "They sang.")})
    assert graph.entities("what is the matter, and who did it") == {}


def test_a_question_about_nothing_known_has_no_neighbours():
    assert found("why is the sky blue") == []
    assert KnowledgeGraph().neighbours("Anna Bell", {"x": 1.0}, limit=5) == []


def test_unknown_seeds_and_seeds_without_weight_are_left_out():
    assert found("why", {"nowhere": 1.0, "bell": 0.0}) == []


def test_limit_takes_the_best():
    question = "Where was the director of Forbidden Ground born?"
    assert found(question, limit=1) == found(question)[:1]


def test_equal_scores_are_in_order_of_source_ids():
    texts = dict.fromkeys("cab", ("", "Anna Bell slept."))
    assert [near.source_id for near in graph_of(texts).neighbours("Anna Bell", {}, limit=2)] == ["a", "b"]


def test_a_rare_entity_draws_more_than_a_hub():
    texts = {f"hub{n}": ("", "Lisbon is old.") for n in range(6)} | {
        "rare": ("", "Anna Bell slept."),
        "two": ("", "Anna Bell"),
    }
    assert {near.source_id for near in graph_of(texts).neighbours("Anna Bell and Lisbon", {}, limit=2)} == {
        "rare",
        "two",
    }


def test_where_the_question_names_only_a_hub_the_seeds_decide():
    texts = {f"p{n}": ("Imperialism", "It was so.") for n in range(20)}
    near = graph_of(texts).neighbours("what is imperialism", {"p7": 4.0, "p3": 2.0}, limit=2)
    assert [found.source_id for found in near] == ["p7", "p3"]


def trails(question: str, seeds: dict[str, float]) -> dict[str, tuple[str, ...]]:
    return {near.source_id: near.trail.steps for near in graph_of(FILMS).neighbours(question, seeds, limit=10)}


def test_the_trail_tells_the_way_in_names():
    shown = trails("Where was the director of Forbidden Ground born?", {})
    assert shown["ground"] == ("question", "names", "Forbidden Ground", "found only in", "Forbidden Ground")
    assert shown["gabor"] == (*shown["ground"], "mentions", "Pál Gábor", "mentioned in", "Pál Gábor")


def test_the_trail_of_a_seed_says_that_it_is_close():
    shown = trails("where was its director born", {"harbour": 1.0})
    assert shown["harbour"] == ("question", "is close to", "Silent Harbour")
    assert shown["bell"][-4:] == ("mentions", "Anna Bell", "mentioned in", "Anna Bell")


def test_the_trail_through_a_shared_entity_starts_there():
    assert trails("Anna Bell", {})["harbour"] == ("question", "names", "Anna Bell", "mentioned in", "Silent Harbour")
