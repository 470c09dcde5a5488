import asyncio

from streams.engine.on_faust.app import QuickTableManager, make_app
from streams.engine.on_faust.settings import EngineSettings
from streams.engine.on_faust.transport import BatchTransport


def test_the_app_carries_the_settings_and_our_parts() -> None:
    async def main() -> None:
        settings = EngineSettings(partitions=3, session_seconds=7.0, checkpoint_seconds=0.5, check_crcs=False)
        app = make_app("alert", "127.0.0.1:1", settings)
        conf = app.conf
        assert (conf.id, conf.topic_partitions, conf.broker_session_timeout) == ("hallwatch-alert", 3, 7.0)
        assert (conf.broker_commit_interval, conf.broker_check_crcs) == (0.5, False)
        assert conf.web_enabled is False
        app.loop = asyncio.get_running_loop()
        assert isinstance(app.transport, BatchTransport)
        assert isinstance(app.tables, QuickTableManager)

    asyncio.run(main())
