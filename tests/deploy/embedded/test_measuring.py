import time

import httpx

from dashboards.metrics import Meter
from streams.contracts.codec import encode
from streams.contracts.metrics import METRICS
from tests.deploy.embedded.stacks import FEED, accepted
from tests.deploy.running_hall import PAST_MS, RunningHall


def _scraped(hall: RunningHall) -> dict[str, float]:
    answer = httpx.get(f"{hall.running.address}/metrics", timeout=60)
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_a_scrape_needs_no_token_and_counts_only_what_is_new(hall: RunningHall) -> None:
    accepted_of = f'hallwatch_accepted_total{{feed="{FEED}"}}'
    before = _scraped(hall)
    with hall.client() as client:
        client.post("/api/intake/events", b"\n".join(encode(accepted(number, PAST_MS)) for number in (710, 711)))
    hall.settle()
    after = _scraped(hall)
    assert after[accepted_of] == before.get(accepted_of, 0) + 2
    assert _scraped(hall)[accepted_of] == after[accepted_of]


def test_every_role_process_and_table_is_measured(hall: RunningHall) -> None:
    with hall.client() as client:
        client.post("/api/intake/events", encode(accepted(712, PAST_MS)))
    hall.settle()
    seen = _scraped(hall)
    assert seen["hallwatch_store_up"] == 1
    assert seen['hallwatch_subjects{process="case"}'] >= 3
    assert seen['hallwatch_processed_total{process="case"}'] >= 1
    assert seen['hallwatch_batches_total{process="case"}'] >= 1
    assert seen['hallwatch_state_bytes{process="case"}'] >= 3 * 100
    assert seen['hallwatch_rebalances_total{role="supervise"}'] >= 1
    assert seen['hallwatch_stored_rows_total{table="cases"}'] >= 1
    lags = {f'hallwatch_lag_records{{role="{role}"}}' for role in ("supervise", "alert", "deliver", "sink")}
    end = time.monotonic() + 60
    while lags := {lag for lag in lags if seen[lag]}:  # a live feed's marks come four times a second
        assert time.monotonic() < end, lags
        seen = _scraped(hall)


def test_every_metric_is_explained(hall: RunningHall) -> None:
    text = httpx.get(f"{hall.running.address}/metrics", timeout=60).text
    assert Meter().exposition().decode().count("# HELP") == len(METRICS)
    assert all(metric.meaning in text for metric in METRICS)
