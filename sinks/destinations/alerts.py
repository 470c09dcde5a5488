"""Alerts: how far each finding has come on its way to people."""

from sinks.destination import PLACE, STAMPS, Destination
from streams.contracts.alert import Alert
from streams.contracts.topics import ALERTS

DESTINATION = Destination(
    topics=(ALERTS,),
    kinds=(Alert,),
    table="alerts",
    copied=(
        "subject", "alert_id", "finding_id", "rule", "state", "level", "reason", "raised_at", "told_at", "receivers",
        "acknowledged_by", "acknowledged_at", "expected_done_at", "title_zh", "title_en", "message_zh", "message_en",
        *PLACE,
    ),
    made=STAMPS,
)  # fmt: skip
