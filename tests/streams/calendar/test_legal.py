from datetime import date

from streams.calendar.legal import legal_days


def test_china_knows_make_up_days_and_free_weekdays() -> None:
    china = legal_days("china")
    assert china.is_working(date(2026, 10, 10).toordinal())
    assert not china.is_working(date(2026, 9, 25).toordinal())
    assert date(2026, 10, 10).toordinal() in china.made_up
    assert china.first_known == date(2004, 1, 1).toordinal()


def test_the_week_frees_saturday_and_sunday_and_the_base_none_frees_nothing() -> None:
    saturday = date(2026, 3, 7).toordinal()
    assert not legal_days("weekend").is_working(saturday)
    assert legal_days("weekend").is_working(saturday - 1)
    assert legal_days("none").is_working(saturday)
