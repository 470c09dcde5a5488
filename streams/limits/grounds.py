"""The grounds of special procedures B: which of them suspend every clock (clocks.md 4)."""

from streams.registry.snapshot import Policy

ARTICLE_45 = frozenset(
    {
        *("听证", "招标", "拍卖", "检验", "检测", "检疫", "鉴定", "专家评审"),
        *("hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"),
    }
)
"""The grounds of licence law article 45; others suspend the promise only, unless the policy names its own."""


def suspends_all(ground: str, policy: Policy) -> bool:
    """Whether a special procedure suspends every clock.

    One on a ground outside the list suspends the promise only, and so does one without a ground: saying nothing must
    not reach further than saying why.
    """
    return ground in (frozenset(policy.suspension_grounds) or ARTICLE_45)
