from streams.contracts.words import Words


def test_an_expression_is_told_in_the_language_that_is_asked_for() -> None:
    words = Words("黄牌", "yellow card")
    assert (words.in_language("zh"), words.in_language("en")) == ("黄牌", "yellow card")
