from streams.contracts.store import Store
from tests.sinks.conftest import Keep
from tests.sinks.facts import COMMAND, FINDING, KNOWN, START, kept


def test_a_finding_is_kept_with_what_it_rests_on(module_store: Store, keep: Keep) -> None:
    keep("findings", [kept(FINDING)])
    for table in ("findings", "findings_history"):
        (row,) = module_store.query(
            "SELECT finding_id, subject, rule, state, change, level, highest, tell, event_ids, "
            f"title_zh, message_zh, hall, org, version, known_at FROM {table} FINAL"
        ).rows
        assert row == (
            "g1",
            "pl/1",
            "TIME-01",
            "open",
            "opened",
            "yellow",
            "yellow",
            True,
            ["e1", "f1"],
            "超过承诺时限",
            "超期 2 天",
            "pl",
            "amr",
            13,
            KNOWN,
        )


def test_numbers_and_stretches_can_be_read_in_sql(module_store: Store, keep: Keep) -> None:
    keep("findings", [kept(FINDING)])
    (row,) = module_store.query(
        "SELECT JSONExtractInt(numbers, 'overdue'), JSONExtractString(stretches, 1, 'level'), "
        "parseDateTime64BestEffort(JSONExtractString(stretches, 1, 'raised_at'), 3, 'UTC') FROM findings FINAL"
    ).rows
    assert row == (2, "yellow", START)


def test_a_command_on_the_same_topic_is_no_finding(module_store: Store, keep: Keep) -> None:
    before = module_store.query("SELECT count() FROM findings FINAL").rows
    keep("findings", [kept(COMMAND)])
    assert module_store.query("SELECT count() FROM findings FINAL").rows == before
    assert module_store.query("SELECT count() FROM commands").rows == [(0,)]
