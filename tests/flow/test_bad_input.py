"""Input that means nothing, through the real road: a finding or a dead letter names event and field; never silence."""

import json
import subprocess
import sys
from base64 import b64decode
from typing import Any

import pytest

from deploy.embedded.data_folder import DataFolder
from deploy.settings import StoreSettings
from deploy.stores import open_store

FEED = "approvals"
FIRST = {"kind": "case.accepted", "occurred_at": "2025-11-03T10:00:00+08:00"}


def _case(number: str, *events: dict[str, Any]) -> list[dict[str, Any]]:
    """A case of an item with a promise of five working days, its events named number-1, number-2 …"""
    envelope = {"feed": FEED, "case_no": f"pingliang/{number}", "org": "C02", "item": "C02-001"}
    return [{"event_id": f"{number}-{place}", **envelope, **event} for place, event in enumerate(events, 1)]


def _at(day: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": f"case.{kind}", "occurred_at": f"2025-11-{day:02}T10:00:00+08:00", **fields}


FOUND = {
    "nobody": (_case("nobody", FIRST, _at(4, "extended", days=3)), "PROC-07"),
    "no-days": (_case("no-days", FIRST, _at(4, "extended", approver="局长")), "PROC-07"),
    "no-day": (_case("no-day", FIRST, _at(4, "extended", days=0, approver="局长")), "PROC-07"),
    "minus": (_case("minus", FIRST, _at(4, "extended", days=-5, approver="局长")), "PROC-07"),
    "too-late": (_case("too-late", FIRST, _at(28, "extended", days=3, approver="局长")), "PROC-07"),
    "backwards": (
        _case("backwards", FIRST, _at(6, "suspended", announced_days=5, ground="鉴定"), _at(4, "resumed")),
        "PROC-02",
    ),
    "minus-days": (_case("minus-days", FIRST, _at(4, "suspended", announced_days=-3, ground="鉴定")), "PROC-08"),
    "unasked": (_case("unasked", FIRST, _at(4, "correction_completed")), "PROC-02"),
}
"""By case: its events, and the rule that must find the one that means nothing."""

DEAD = {
    "in-1948": (_at(4, "finished") | {"occurred_at": "1948-11-04T10:00:00+08:00"}, "occurred_at"),
    "in-2099": (_at(4, "finished") | {"occurred_at": "2099-11-04T10:00:00+08:00"}, "occurred_at"),
    "decided-1948": (_at(4, "finished", decided_at="1948-11-04T10:00:00+08:00"), "decided_at"),
    "applied-2199": (_at(4, "extended", days=3, approver="局长", applied_at="2199-01-01T00:00:00+08:00"), "applied_at"),
    "half-a-day": (_at(4, "extended", days=1.5, approver="局长"), "days"),
    "no-such-day": (_at(4, "finished") | {"occurred_at": "2025-11-31T10:00:00+08:00"}, "occurred_at"),
    "no-offset": (_at(4, "finished") | {"occurred_at": "2025-11-04T10:00:00"}, "occurred_at"),
    "other-result": (_at(4, "finished", result="lost"), "result"),
}
"""By case: the event that cannot be taken, and the field that must be named."""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    root = tmp_path_factory.mktemp("bad")
    mapping = root / "mappings" / "bad.yaml"
    mapping.parent.mkdir()
    mapping.write_text(
        f"source: canonical_json\nmatches: [bad.jsonl]\nfeed: {FEED}\nhall: pingliang\n", encoding="utf-8"
    )
    events = [event for story, _ in FOUND.values() for event in story]
    events += [event for number, (bad, _) in DEAD.items() for event in _case(number, FIRST, bad)]
    events += _case("later", FIRST | {"told_due_at": "2099-01-01T00:00:00+08:00"})
    log = root / "bad.jsonl"
    log.write_text("\n".join(json.dumps(event) for event in events) + "\n", encoding="utf-8")
    folder = DataFolder(root / "data")
    command = [sys.executable, "-m", "deploy", "import", str(log), "--lang", "en", "--mappings", str(mapping.parent)]
    run = subprocess.run(
        [*command, "--data", str(folder.root)], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 1, run.stderr
    assert run.stdout.splitlines()[-1].endswith(f"{len(DEAD)} set aside")
    store = open_store(StoreSettings(), folder.store)
    try:
        return {
            "events": store.query("SELECT event_id FROM case_events FINAL").rows,
            "findings": store.query("SELECT subject, rule, event_ids, message_zh FROM findings FINAL").rows,
            "letters": store.query("SELECT place, field, reason, raw FROM dead_letters FINAL").rows,
            "cases": store.query("SELECT case_no FROM cases FINAL").rows,
        }
    finally:
        store.close()


@pytest.mark.parametrize(("number", "rule"), [(number, rule) for number, (_, rule) in FOUND.items()])
def test_an_event_that_means_nothing_is_found_and_named(
    rows: dict[str, list[tuple[Any, ...]]], number: str, rule: str
) -> None:
    ids = {event["event_id"] for event in FOUND[number][0][1:]}
    found = [
        ids.intersection(event_ids)
        for case, name, event_ids, _ in rows["findings"]
        if (case, name) == (f"pingliang/{number}", rule)
    ]
    assert any(found), [row for row in rows["findings"] if row[0] == f"pingliang/{number}"]


@pytest.mark.parametrize(("number", "field"), [(number, field) for number, (_, field) in DEAD.items()])
def test_an_event_that_cannot_be_taken_is_a_dead_letter_with_its_field(
    rows: dict[str, list[tuple[Any, ...]]], number: str, field: str
) -> None:
    letters = [(name, reason) for _, name, reason, raw in rows["letters"] if f"{number}-2".encode() in b64decode(raw)]
    assert [field in name for name, reason in letters] == [True], rows["letters"]
    assert all(reason for _, reason in letters)


def test_a_date_told_in_2099_moves_nothing_and_is_found(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    assert any(case == "pingliang/later" and "later-1" in ids for case, _, ids, _ in rows["findings"])


def test_nothing_is_lost_and_every_case_is_judged(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    taken = sum(len(story) for story, _ in FOUND.values()) + len(DEAD) + 1
    assert len(rows["events"]) == taken
    assert len(rows["letters"]) == len(DEAD)
    assert len(rows["cases"]) == len(FOUND) + len(DEAD) + 1
