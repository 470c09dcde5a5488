from streams.limits.grounds import ARTICLE_45, suspends_all
from streams.registry.snapshot import Policy


def test_the_eight_grounds_of_article_45_are_known_in_both_languages() -> None:
    assert len(ARTICLE_45) == 16


def test_a_ground_outside_the_list_and_none_at_all_do_not_suspend_every_clock() -> None:
    policy = Policy(code="p")
    assert [suspends_all(ground, policy) for ground in ("鉴定", "领导出差", "")] == [True, False, False]


def test_a_policy_can_list_its_own_grounds() -> None:
    policy = Policy(code="p", suspension_grounds=("survey",))
    assert [suspends_all(ground, policy) for ground in ("survey", "鉴定")] == [True, False]
