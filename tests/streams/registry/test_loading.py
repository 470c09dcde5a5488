from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from streams.contracts.errors import UnreadableError
from streams.limits.limit import Limit
from streams.registry.loading import check_hall, load_hall, read_hall

GOOD = {
    "hall.yaml": "code: h\nname_zh: 大厅\nzone: Asia/Shanghai\ncalendar: cn\nhours: day\npolicy: plain\n",
    "orgs.csv": "code,name_zh,chief_representative,private_network\ntax,税务局,p1,\nfire,消防支队,p2,是\n",
    "sites.csv": "code,name_zh,parent,windows\nhall,大厅,,\nz1,办税区,hall,12\n",
    "people.csv": "code,name,org,role,channels\np1,陈一,tax,,\np2,林二,fire,,console;webhook\np3,周三,,supervision,\n",
    "items.csv": (
        "code,name_zh,org,item_type,case_class,promise,statutory\n"
        "i1,许可,tax,01,promised,5 working_days,20 working_days\n"
        'i2,"登记\n(两行)",fire,07,,3个工作日,15 自然日\n'
    ),
    "policies.yaml": "plain:\nstrict:\n  correction: pause\n  extension_days_max: 5\n",
    "calendars.yaml": "cn:\n  zone: Asia/Shanghai\n  version: 1\n  base: china\n  free:\n    2026-11-23: 停电\n",
    "hours.yaml": "day:\n  weekdays:\n    1: [08:30-12:00, 14:30-18:00]\n    6: 09:00-12:00\n",
    "feeds.yaml": "approvals:\n  way: push\n  authoritative: no\n",
    "routes.yaml": "red:\n  levels: [red]\n  roles: [supervision]\nrest:\n  org: tax\n",
    "rules.yaml": (
        "- rule: TIME-01\n  parameters: {days: 2, share: 0.9, name: on, code: '3'}\n- rule: TIME-02\n  enabled: false\n"
    ),
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def folder(**changed: str | bytes | None) -> Path:
        """The good folder with some files changed; `orgs_csv` stands for orgs.csv."""
        files: dict[str, str | bytes | None] = {**GOOD}
        files.update({name.replace("_csv", ".csv").replace("_yaml", ".yaml"): text for name, text in changed.items()})
        for name, text in files.items():
            if text is not None:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return folder


def places(folder: Path) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.field) for problem in check_hall(folder)]


def test_a_sound_folder_becomes_a_hall(write: Callable[..., Path]) -> None:
    hall = load_hall(write())
    assert hall.hall.name_zh == "大厅"
    assert [org.code for org in hall.orgs] == ["tax", "fire"]
    assert [org.private_network for org in hall.orgs] == [False, True]
    assert hall.sites[1].windows == 12
    assert hall.people[0].channels == ("console",)
    assert hall.people[1].channels == ("console", "webhook")
    assert hall.items[0].promise == Limit(amount=5, unit="working_days")
    assert hall.items[1].promise == Limit(amount=3, unit="working_days")
    assert hall.items[1].statutory == Limit(amount=15, unit="calendar_days")
    assert hall.items[1].case_class == "promised"
    assert hall.policies[1].extension_days_max == 5
    assert hall.calendars[0].free == {date(2026, 11, 23): "停电"}
    assert hall.calendars[0].version == "1"
    assert hall.hours[0].weekdays == {1: ("08:30-12:00", "14:30-18:00"), 6: ("09:00-12:00",)}
    assert not hall.feeds[0].authoritative
    assert [route.code for route in hall.routes] == ["red", "rest"]
    assert hall.rules[0].parameters == {"days": 2, "share": 0.9, "name": "on", "code": "3"}
    assert not hall.rules[1].enabled


def test_files_that_need_not_be_there_may_be_absent(write: Callable[..., Path]) -> None:
    folder = write(sites_csv=None, feeds_yaml=None, routes_yaml=None, rules_yaml=None)
    assert load_hall(folder).feeds == ()


@pytest.mark.parametrize(
    "name", ["hall.yaml", "orgs.csv", "items.csv", "policies.yaml", "calendars.yaml", "hours.yaml"]
)
def test_a_missing_file_is_named(write: Callable[..., Path], name: str) -> None:
    folder = write()
    (folder / name).unlink()
    assert (name, 0, "") in places(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert [problem.reason_en for problem in check_hall(tmp_path / "nowhere")] == ["there is no such folder"]


def test_a_file_with_a_misspelt_name_is_named_and_other_files_are_left_alone(write: Callable[..., Path]) -> None:
    folder = write()
    (folder / "orgz.csv").write_text("code\n")
    (folder / "notes.txt").write_text("ours")
    (folder / "sources").mkdir()
    assert places(folder) == [("orgz.csv", 0, "")]


def test_every_problem_is_told_and_not_only_the_first(write: Callable[..., Path]) -> None:
    folder = write(
        orgs_csv="code,name_zh,chief_representative,colour\ntax,税务局,,\nfire,,p2,\n",
        people_csv="code,name,org\np1,陈一,tax\np2,林二,nowhere\np3,周三,\n",
        items_csv=(
            "code,name_zh,org,promise\ni1,许可,taxx,5 working_days\ni2,登记,fire,0 working_days\ni1,再,tax,5 weeks\n"
        ),
    )
    found = places(folder)
    assert ("orgs.csv", 1, "colour") in found
    assert ("orgs.csv", 2, "chief_representative") in found
    assert ("orgs.csv", 3, "name_zh") in found
    assert ("people.csv", 3, "org") in found
    assert ("items.csv", 2, "org") in found
    assert ("items.csv", 3, "promise") in found
    assert ("items.csv", 4, "code") in found
    assert ("items.csv", 4, "promise") in found
    assert ("routes.yaml", 3, "roles") in found
    assert len(found) == 9


def test_a_broken_org_is_not_reported_again_by_those_who_name_it(write: Callable[..., Path]) -> None:
    assert places(
        write(orgs_csv="code,name_zh,chief_representative,entry_mode\ntax,税务局,p1,\nfire,消防,p2,many\n")
    ) == [("orgs.csv", 3, "entry_mode")]


def test_a_file_that_cannot_be_read_is_told_alone_without_every_reference_to_it(write: Callable[..., Path]) -> None:
    assert places(write(orgs_csv=b"\xff")) == [("orgs.csv", 1, "")]


def test_lines_of_csv_count_as_an_editor_counts_them(write: Callable[..., Path]) -> None:
    items = 'code,name_zh,org\n\ni1,"许\n可",tax\ni2,登记,gone\n'
    assert places(write(items_csv=items)) == [("items.csv", 5, "org")]


def test_lines_of_yaml_are_those_of_the_wrong_field(write: Callable[..., Path]) -> None:
    policies = "plain:\n  ladder: two_limit\nstrict:\n\n  correction: never\n  colour: red\n"
    assert places(write(policies_yaml=policies)) == [("policies.yaml", 5, "correction"), ("policies.yaml", 6, "colour")]


def test_a_wrong_date_inside_a_list_of_days_has_its_own_line(write: Callable[..., Path]) -> None:
    calendars = "cn:\n  zone: Asia/Shanghai\n  version: 1\n  free:\n    2026-01-01: 元旦\n    2026-02-30: 无\n"
    assert places(write(calendars_yaml=calendars)) == [("calendars.yaml", 6, "free")]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"hall_yaml": GOOD["hall.yaml"].replace("code: h", "code: a/b")}, ("hall.yaml", 1, "code")),
        ({"hall_yaml": GOOD["hall.yaml"].replace("Asia/Shanghai", "Asia/Nowhere")}, ("hall.yaml", 3, "zone")),
        ({"hall_yaml": GOOD["hall.yaml"].replace("Asia/Shanghai", "Europe/Paris")}, ("hall.yaml", 3, "zone")),
        ({"hall_yaml": GOOD["hall.yaml"].replace("calendar: cn", "calendar: us")}, ("hall.yaml", 4, "calendar")),
        ({"hall_yaml": GOOD["hall.yaml"] + "push_age_max_hours: 0\n"}, ("hall.yaml", 7, "push_age_max_hours")),
        ({"hall_yaml": "- a\n"}, ("hall.yaml", 1, "")),
        ({"hall_yaml": ""}, ("hall.yaml", 0, "")),
        ({"hall_yaml": "code: h\n  name: [\n"}, ("hall.yaml", 2, "")),
        ({"hall_yaml": GOOD["hall.yaml"] + "name_en: [a, b]\n"}, ("hall.yaml", 7, "name_en")),
        ({"hall_yaml": GOOD["hall.yaml"] + "code: again\n"}, ("hall.yaml", 7, "code")),
        ({"hall_yaml": "code: h\nname_zh: \x07\n"}, ("hall.yaml", 2, "")),
        ({"orgs_csv": ""}, ("orgs.csv", 0, "")),
        ({"orgs_csv": "code,name_zh,name_zh\n"}, ("orgs.csv", 1, "name_zh")),
        ({"orgs_csv": "code,,name_zh\n"}, ("orgs.csv", 1, "")),
        ({"orgs_csv": "name_zh\n税务局\n"}, ("orgs.csv", 1, "code")),
        ({"orgs_csv": 'code,name_zh\ntax,"税务局\n'}, ("orgs.csv", 2, "")),
        ({"orgs_csv": GOOD["orgs.csv"] + "a,b,p1,是,又\n"}, ("orgs.csv", 4, "")),
        ({"orgs_csv": GOOD["orgs.csv"].replace("税务局,p1", "税务局,p2")}, ("orgs.csv", 2, "chief_representative")),
        ({"orgs_csv": GOOD["orgs.csv"].replace("是", "或许")}, ("orgs.csv", 3, "private_network")),
        ({"orgs_csv": GOOD["orgs.csv"].encode("gbk")}, ("orgs.csv", 2, "")),
        ({"sites_csv": "code,name_zh,parent\na,甲,b\nb,乙,a\nz1,丙,\n"}, ("sites.csv", 2, "parent")),
        ({"sites_csv": "code,name_zh,windows\na,甲,-1\n"}, ("sites.csv", 2, "windows")),
        ({"items_csv": "code,name_zh,promise\ni1,许可,-3 working_days\n"}, ("items.csv", 2, "promise")),
        ({"items_csv": "code,name_zh,case_class\ni1,许可,slow\n"}, ("items.csv", 2, "case_class")),
        ({"items_csv": "code,name_zh,policy\ni1,许可,gone\n"}, ("items.csv", 2, "policy")),
        ({"policies_yaml": "plain: yes\n"}, ("policies.yaml", 1, "plain")),
        ({"policies_yaml": "- plain\n"}, ("policies.yaml", 1, "")),
        ({"policies_yaml": "plain:\n  code: other\n"}, ("policies.yaml", 2, "code")),
        ({"policies_yaml": "plain:\n  ladder: {a: b}\n"}, ("policies.yaml", 2, "ladder")),
        ({"policies_yaml": "plain:\n  extension_days_max: -1\n"}, ("policies.yaml", 2, "extension_days_max")),
        ({"policies_yaml": "plain:\nplain:\n"}, ("policies.yaml", 2, "plain")),
        ({"policies_yaml": "plain:\n? [a]\n: b\n"}, ("policies.yaml", 2, "")),
        (
            {"calendars_yaml": GOOD["calendars.yaml"] + "  working: {2026-11-23: 补}\n"},
            ("calendars.yaml", 7, "working"),
        ),
        (
            {"calendars_yaml": GOOD["calendars.yaml"] + "  known_from: 2027-01-01\n  unknown_from: 2026-01-01\n"},
            ("calendars.yaml", 8, "unknown_from"),
        ),
        (
            {"calendars_yaml": GOOD["calendars.yaml"] + "other: {zone: Mars, version: 1}\n"},
            ("calendars.yaml", 7, "zone"),
        ),
        ({"calendars_yaml": GOOD["calendars.yaml"] + "  working: [2026-11-23]\n"}, ("calendars.yaml", 7, "working")),
        ({"hours_yaml": "day:\n  weekdays: {8: [08:30-12:00]}\n"}, ("hours.yaml", 2, "weekdays")),
        ({"hours_yaml": "day:\n  weekdays: {1: [8.30-12.00]}\n"}, ("hours.yaml", 2, "weekdays.1")),
        ({"hours_yaml": "day:\n  weekdays: {1: [12:00-08:30]}\n"}, ("hours.yaml", 2, "weekdays.1")),
        ({"hours_yaml": "day:\n  weekdays: {1: [09:00-12:00, 11:00-13:00]}\n"}, ("hours.yaml", 2, "weekdays.1")),
        ({"hours_yaml": "day:\n  weekdays: {1: {a: b}}\n"}, ("hours.yaml", 2, "weekdays.1")),
        ({"hours_yaml": "day:\n  weekdays: {}\n  working_day: [24:30-25:00]\n"}, ("hours.yaml", 3, "working_day")),
        ({"feeds_yaml": "a:\n  way: pigeon\n"}, ("feeds.yaml", 2, "way")),
        ({"feeds_yaml": "a:\n  silent_after_seconds: 0\n"}, ("feeds.yaml", 2, "silent_after_seconds")),
        ({"routes_yaml": "a:\n  levels: [red, black]\n"}, ("routes.yaml", 2, "levels")),
        ({"routes_yaml": "a:\n  roles: [nobody]\n"}, ("routes.yaml", 2, "roles")),
        ({"rules_yaml": "TIME-01: {}\n"}, ("rules.yaml", 1, "")),
        ({"rules_yaml": "- TIME-01\n"}, ("rules.yaml", 1, "")),
        ({"rules_yaml": "- rule: A\n- rule: A\n"}, ("rules.yaml", 2, "rule")),
        ({"rules_yaml": "- rule: A\n  item: gone\n"}, ("rules.yaml", 2, "item")),
        ({"rules_yaml": "- enabled: no\n"}, ("rules.yaml", 1, "rule")),
        ({"rules_yaml": "&a\n- rule: *a\n"}, ("rules.yaml", 2, "")),
    ],
)
def test_a_mistake_is_named_with_file_line_and_field(
    write: Callable[..., Path], changed: dict[str, str | bytes], place: tuple[str, int, str]
) -> None:
    assert place in places(write(**changed))


def test_a_file_saved_by_a_spreadsheet_with_a_byte_order_mark_is_read(write: Callable[..., Path]) -> None:
    assert check_hall(write(orgs_csv=b"\xef\xbb\xbf" + GOOD["orgs.csv"].encode())) == []


def test_a_rule_that_does_not_exist_is_named_where_the_rules_are_known(write: Callable[..., Path]) -> None:
    folder = write()
    assert [problem.line for problem in check_hall(folder, {"TIME-01"})] == [3]
    assert check_hall(folder, {"TIME-01", "TIME-02"}) == []


def test_a_file_that_is_a_folder_is_a_problem_and_no_crash(write: Callable[..., Path]) -> None:
    folder = write(sites_csv=None)
    (folder / "sites.csv").mkdir()
    assert places(folder) == [("sites.csv", 0, "")]


def test_loading_a_folder_with_problems_names_them_all(write: Callable[..., Path]) -> None:
    folder = write(feeds_yaml="a:\n  way: pigeon\n  colour: red\n")
    with pytest.raises(
        UnreadableError, match=r"feeds.yaml:2 way: must be one of push, poll, file, not `pigeon`\nfeeds.yaml:3"
    ):
        load_hall(folder)
    hall, problems = read_hall(folder)
    assert hall is None
    assert len(problems) == 2
