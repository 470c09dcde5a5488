"""The delivery process: requests and receipts in, attempts out; each attempt is a line of the push ledger."""

from collections.abc import Iterable
from typing import Self

import msgspec

from alerting.delivery.memory import DeliveryMemory, Early, Waiting
from streams.contracts.instants import from_ms, to_ms
from streams.contracts.push import Push, PushReceipt, PushRequest, PushState
from streams.contracts.topics import PUSH_REQUESTS, PUSHES
from streams.engine.process import Output

_DAY_MS = 86_400_000


class DeliverySettings(msgspec.Struct, frozen=True, kw_only=True):
    """How stubborn telling is.

    `retry_seconds`: the wait after each failed attempt; one failure more than there are waits and the push is dead.
    `answer_seconds`: how long an attempt may stay without a receipt before it is asked for again; doubles each time
    up to an hour, and counts as no failure, because nobody knows that it failed. It must be longer than a channel
    takes. `give_up_days`: a push that is not through by then is dead. `remember_days` and `remember_max`: how long
    and how many finished pushes are known by id, so that a repeated request tells nobody again.
    """

    retry_seconds: tuple[int, ...] = (10, 30, 60, 300, 900, 3600, 3600)
    answer_seconds: int = 300
    answer_seconds_max: int = 3600
    give_up_days: int = 7
    remember_days: int = 30
    remember_max: int = 500


class DeliveryProcess:
    """One receiver's pushes: each is attempted until a channel says sent or dead."""

    name = "delivery"
    input = PUSH_REQUESTS
    state_type = DeliveryMemory

    def __init__(self, settings: DeliverySettings | None = None) -> None:
        """Use these settings, or the defaults."""
        self._settings = settings or DeliverySettings()

    def at(self, registry_version: str) -> Self:
        """Itself: a request says everything that is needed."""
        return self

    def start(self, key: str) -> DeliveryMemory:
        """Nothing was ever told to a new receiver."""
        return DeliveryMemory()

    def occurred_ms(self, event: PushRequest | PushReceipt) -> int:
        """When it was asked or answered."""
        if isinstance(event, PushReceipt):
            return to_ms(event.answered_at)
        return to_ms(event.known_at or event.raised_at)

    def feed(self, state: DeliveryMemory) -> str:
        """Deliveries follow the clock alone."""
        return ""

    def on_event(self, state: DeliveryMemory, event: PushRequest | PushReceipt, now_ms: int) -> Iterable[Output]:
        """Somebody is to be told, or a channel answered; repeats change nothing."""
        outputs = (
            self._ask(state, event, now_ms) if isinstance(event, PushRequest) else self._hear(state, event, now_ms)
        )
        self._forget(state, now_ms)
        return outputs

    def on_time(self, state: DeliveryMemory, now_ms: int) -> Iterable[Output]:
        """Ask again for what failed long enough ago and for what was never answered."""
        outputs: list[Output] = []
        for waiting in [one for one in state.waiting.values() if one.next_ms <= now_ms]:
            if now_ms - waiting.requested_ms >= self._settings.give_up_days * _DAY_MS:
                outputs.append(self._finish(state, waiting, "dead", now_ms, "gave up: not through in time"))
                continue
            waiting.attempt += 1
            waiting.is_failed = False
            waiting.next_ms = now_ms + self._answer_ms(waiting)
            outputs.append(_line(waiting, "due"))
        return outputs

    def on_registry(self, state: DeliveryMemory, now_ms: int) -> Iterable[Output]:
        """Nothing here depends on the registry."""
        return []

    def wake_at(self, state: DeliveryMemory) -> int | None:
        """The next attempt that is due."""
        return min((one.next_ms for one in state.waiting.values()), default=None)

    # ---- requests

    def _ask(self, state: DeliveryMemory, request: PushRequest, now_ms: int) -> list[Output]:
        push_id = request.push_id
        if push_id in state.finished or push_id in state.waiting:
            return []
        waiting = Waiting(request=request, requested_ms=now_ms, next_ms=now_ms)
        waiting.next_ms = now_ms + self._answer_ms(waiting)
        state.waiting[push_id] = waiting
        outputs = [_line(waiting, "due")]
        ahead = [one for one in state.early if one.receipt.push_id == push_id]
        if ahead:
            state.early = [one for one in state.early if one.receipt.push_id != push_id]
        for one in sorted(ahead, key=lambda one: one.receipt.attempt):
            # Known since the receipt, as in the life that has sent it: its `due` may be in the store, and stays below.
            heard = self._hear(state, one.receipt, max(now_ms, one.accepted_ms))
            outputs += [msgspec.structs.replace(line, since_ms=one.accepted_ms) for line in heard]
        return outputs

    # ---- receipts

    def _hear(self, state: DeliveryMemory, receipt: PushReceipt, now_ms: int) -> list[Output]:
        waiting = state.waiting.get(receipt.push_id)
        if waiting is None:
            self._keep_early(state, receipt, now_ms)
            return []
        if receipt.attempt > waiting.attempt:  # a replay, in which the wait for this attempt has not yet passed
            waiting.attempt, waiting.is_failed = receipt.attempt, False
        if receipt.verdict != "failed":
            return [self._finish(state, waiting, receipt.verdict, now_ms, receipt.detail, receipt)]
        if receipt.attempt < waiting.attempt or waiting.is_failed:
            return []  # a repeat, or of an attempt that has been asked for again since
        return [self._retry(state, waiting, receipt, now_ms)]

    def _keep_early(self, state: DeliveryMemory, receipt: PushReceipt, now_ms: int) -> None:
        """A replay may bring the receipt before the request it answers."""
        known = receipt.push_id in state.finished or any(one.receipt == receipt for one in state.early)
        if not known:
            state.early = [*state.early, Early(receipt, now_ms)]

    def _retry(self, state: DeliveryMemory, waiting: Waiting, receipt: PushReceipt, now_ms: int) -> Output:
        waits = self._settings.retry_seconds
        waiting.failures += 1
        if waiting.failures > len(waits):
            return self._finish(state, waiting, "dead", now_ms, receipt.detail, receipt)
        waiting.is_failed = True
        waiting.next_ms = now_ms + waits[waiting.failures - 1] * 1000
        return _line(waiting, "failed", receipt.detail, receipt)

    def _finish(
        self,
        state: DeliveryMemory,
        waiting: Waiting,
        stands: PushState,
        now_ms: int,
        detail: str,
        receipt: PushReceipt | None = None,
    ) -> Output:
        push_id = waiting.request.push_id
        del state.waiting[push_id]
        state.finished[push_id] = now_ms
        return _line(waiting, stands, detail, receipt)

    def _answer_ms(self, waiting: Waiting) -> int:
        settings = self._settings
        doubled = settings.answer_seconds << min(waiting.attempt - 1, 16)
        return min(doubled, max(settings.answer_seconds, settings.answer_seconds_max)) * 1000

    def _forget(self, state: DeliveryMemory, now_ms: int) -> None:
        """Let go of what is older than it needs to be known."""
        oldest_ms = now_ms - self._settings.remember_days * _DAY_MS
        finished = state.finished  # in the order in which they ended
        while finished:
            first = next(iter(finished))
            if finished[first] >= oldest_ms and len(finished) <= self._settings.remember_max:
                break
            del finished[first]
        if state.early and state.early[0].accepted_ms < oldest_ms:
            state.early = [one for one in state.early if one.accepted_ms >= oldest_ms]


def _line(waiting: Waiting, stands: PushState, detail: str = "", receipt: PushReceipt | None = None) -> Output:
    """The push as it stands now."""
    request = waiting.request
    push = Push(
        push_id=request.push_id,
        receiver=request.receiver,
        receiver_name=request.receiver_name,
        role=request.role,
        channel=request.channel,
        reason=request.reason,
        finding_id=request.finding_id,
        subject=request.subject,
        level=request.level,
        title=request.title,
        message=request.message,
        state=stands,
        attempt=waiting.attempt,
        detail=detail,
        raised_at=request.raised_at,
        requested_at=request.known_at or from_ms(waiting.requested_ms),
        answered_at=receipt.answered_at if receipt is not None else None,
        hall=request.hall,
        org=request.org,
    )
    return Output(PUSHES, request.receiver, push)
