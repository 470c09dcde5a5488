"""The Faust app under an engine: stock Faust with our transport and without its waits."""

from typing import Any

import faust
from faust.tables.manager import TableManager

from streams.engine.log import CHANGELOG_BYTES_MAX
from streams.engine.on_faust.link import Link
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.transport import BatchTransport


class QuickTableManager(TableManager):
    """Starts at once: Faust sleeps a second here for tables that are added late; ours are all there."""

    async def on_start(self) -> None:
        """Register tables and start recovery."""
        await self._update_channels()
        await self.recovery.start()


class EngineApp(faust.App):
    """A Faust app with batch transport; `link` ties it to its engine."""

    link: Link

    def _new_transport(self) -> Any:
        return BatchTransport(self.conf.broker_consumer, self, loop=self.loop)

    async def on_first_start(self) -> None:
        """Faust would make a data folder in the working directory; nothing of ours lives in one."""

    async def _producer_flush(self, logger: Any) -> None:
        """Whoever appends has waited for the answer; a broker that is gone would be waited for without end."""

    def on_rebalance_end(self) -> None:
        """The flow runs again with the new partitions."""
        super().on_rebalance_end()
        self.link.on_ready()


def make_app(role: str, broker: str, settings: EngineSettings) -> EngineApp:
    """The Faust app of a role, in its own consumer group."""
    return EngineApp(
        f"hallwatch-{role}",
        broker=f"kafka://{broker}",
        store="memory://",
        topic_partitions=settings.partitions,
        topic_replication_factor=settings.replication,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        worker_redirect_stdouts=False,
        recovery_consistency_check=False,  # the embedded broker tells too small ends
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=CHANGELOG_BYTES_MAX,
        producer_max_batch_size=1 << 19,
        producer_max_request_size=CHANGELOG_BYTES_MAX,
        broker_commit_interval=settings.checkpoint_seconds,
        broker_commit_every=1 << 60,
        broker_max_poll_records=settings.poll_max,
        broker_check_crcs=settings.check_crcs,
        broker_session_timeout=settings.session_seconds,
        broker_rebalance_timeout=settings.rebalance_seconds,
        broker_heartbeat_interval=settings.heartbeat_seconds,
        stream_buffer_maxsize=settings.buffer_batches,
        TableManager=QuickTableManager,
    )
