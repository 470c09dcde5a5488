"""The console: a telling is kept with its alert and shown on screens. Always on; nothing leaves the machine."""

from alerting.channel import Channel, NoSettings, Verdict
from streams.contracts.push import Push


class _Console:
    async def send(self, push: Push, now_ms: int) -> Verdict:
        return Verdict("sent", "shown on the console")

    async def close(self) -> None:
        return None


CHANNEL = Channel(
    title_zh="控制台",
    title_en="Console",
    settings_type=NoSettings,
    open=lambda settings: _Console(),
    is_always_on=True,
    at_once=256,  # nothing to wait for but the journal, whose fsync they share
)
