import msgspec

from alerting.delivery.memory import DeliveryMemory, Early, Waiting
from streams.contracts.instants import from_ms
from streams.contracts.push import PushReceipt, PushRequest


def test_what_is_remembered_survives_msgpack() -> None:
    request = PushRequest(
        push_id="p1",
        receiver="pl/li",
        channel="console",
        reason="opened",
        finding_id="f1",
        subject="pl/1",
        level="red",
        title="【红牌】",
        message="",
        raised_at=from_ms(5),
    )
    receipt = PushReceipt(push_id="p2", receiver="pl/li", attempt=1, verdict="sent", answered_at=from_ms(7))
    memory = DeliveryMemory(
        waiting={"p1": Waiting(request, 5, 305, failures=1, is_failed=True)},
        early=[Early(receipt, 8)],
        finished={"p0": 1},
    )
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(memory), type=DeliveryMemory) == memory
