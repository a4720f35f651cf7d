from rag.caching import Kept, text_key


def test_a_key_tells_texts_apart_also_where_they_join_to_the_same():
    texts = [(), ("",), ("", ""), ("ab",), ("a", "b"), ("ab", ""), ("", "ab"), ("1,1:ab",)]
    assert len({text_key(*each) for each in texts}) == len(texts)


def test_a_key_is_short_and_takes_half_of_a_surrogate_pair():
    assert len(text_key("x" * 100_000)) == len(text_key("\ud800")) == 16


def lengths(made):
    def make(missing):
        made.extend(missing)
        return [sum(map(len, texts)) for texts in missing]

    return make


def test_what_was_made_is_kept_in_the_order_of_the_texts_and_made_once():
    kept, made = Kept[int](8), []
    assert kept.all([("abc",), ("a", "b"), ("abc",)], lengths(made)) == [3, 2, 3]
    assert kept.all([("a", "b"), ("abcd",)], lengths(made)) == [2, 4]
    assert made == [("abc",), ("a", "b"), ("abcd",)]


def test_the_longest_unused_goes_first_and_what_is_too_large_is_not_kept():
    kept, made = Kept[int](5, size=lambda entry: entry), []
    for texts in (("ab",), ("cde",), ("ab",), ("f",), ("too large",)):
        kept.all([texts], lengths(made))
    made.clear()
    kept.all([("ab",), ("f",)], lengths(made))
    assert made == []
    kept.all([("cde",), ("too large",)], lengths(made))
    assert made == [("cde",), ("too large",)]


def test_what_was_begun_before_everything_was_forgotten_is_not_kept():
    kept, made = Kept[int](8), []

    def make(missing):
        kept.clear()
        return lengths(made)(missing)

    assert kept.all([("ab",)], make) == [2]
    assert kept.all([("ab",)], lengths(made)) == [2]
    assert made == [("ab",), ("ab",)]
