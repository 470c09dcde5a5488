"""Tasks beside a stack."""

import asyncio

from deploy.tasks import Tasks


async def _breaks() -> None:
    raise RuntimeError("on purpose")


async def _waits() -> None:
    await asyncio.sleep(60)


async def _ends() -> None:
    await asyncio.sleep(0)


def test_a_task_that_breaks_is_told_once_and_others_go_on() -> None:
    async def story() -> None:
        broken: list[bool] = []
        tasks = Tasks(lambda: broken.append(True))
        waiting = tasks.start(_waits())
        tasks.start(_ends())
        tasks.start(_breaks())
        await asyncio.sleep(0.01)
        assert broken == [True]
        assert not waiting.done()
        await tasks.cancel()
        assert waiting.cancelled()
        assert broken == [True]

    asyncio.run(story())
