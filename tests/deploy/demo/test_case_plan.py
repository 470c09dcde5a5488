from deploy.demo.case_plan import CasePlan, Extension, Wait
from streams.registry.snapshot import Item


def test_a_case_is_settled_when_its_last_mechanism_is_over() -> None:
    plan = CasePlan(
        case_no="h/1", item=Item(code="i", name_zh="许可"), site="", window="", staff="", applied_ms=1, accepted_ms=2
    )
    assert plan.settled_ms() == 2
    corrected = CasePlan(
        case_no="h/1",
        item=plan.item,
        site="",
        window="",
        staff="",
        applied_ms=1,
        accepted_ms=2,
        correction=Wait(from_ms=3, to_ms=9),
        extension=Extension(at_ms=5, days=1),
    )
    assert corrected.settled_ms() == 9
