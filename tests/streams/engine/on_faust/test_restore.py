import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from streams.engine.log import Place, Record
from streams.engine.on_faust.restore import read_stretches
from tests.streams.engine.on_faust.hall import PARTITIONS
from tests.streams.engine.toy import TOLD


def test_many_partitions_are_read_at_once_each_in_its_order_and_to_its_own_end(broker: str) -> None:
    places = [Place(TOLD.name, partition) for partition in range(PARTITIONS)]
    found: dict[Place, list[int]] = {place: [] for place in places}

    def hand(place: Place, records: Sequence[Record]) -> None:
        found[place] += [record.offset for record in records]

    async def main() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=broker)
        await producer.start()
        for n in range(400):
            await producer.send(TOLD.name, b"%d" % n, key=b"k", partition=n % PARTITIONS)
        await producer.stop()
        stretches = {place: (10 * place.partition, 60 + 10 * place.partition) for place in places}
        await read_stretches(broker, stretches, hand, fetch_max_wait_ms=50, check_crcs=True, patience_seconds=60.0)
        await read_stretches(
            "127.0.0.1:1", {places[0]: (5, 5)}, hand, fetch_max_wait_ms=50, check_crcs=True, patience_seconds=1
        )

    asyncio.run(main())
    assert found == {place: list(range(10 * place.partition, 60 + 10 * place.partition)) for place in places}
