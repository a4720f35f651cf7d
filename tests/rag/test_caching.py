from rag.caching import text_key


def test_a_key_tells_texts_apart_also_where_they_join_to_the_same():
    texts = [(), ("",), ("", ""), ("ab",), ("a", "b"), ("ab", ""), ("", "ab"), ("1,1:ab",)]
    assert len({text_key(*each) for each in texts}) == len(texts)


def test_a_key_is_short_and_takes_half_of_a_surrogate_pair():
    assert len(text_key("x" * 100_000)) == len(text_key("\ud800")) == 16
