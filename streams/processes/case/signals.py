"""What the cases of a joint case tell each other: the whole of what is needed, whenever it is news."""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from streams.contracts.case_signal import CaseSignal, ChildChanged, ParentChanged, ToldDue, ToldProcedure, ToldStretch
from streams.contracts.codec import encode, identity
from streams.contracts.instants import from_ms
from streams.contracts.topics import CASE_SIGNALS
from streams.engine.process import Output
from streams.processes.case.fold import CaseFold


class Told(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What was last told to another case: its revision, and a hash of it."""

    revision: int
    content: str


class Telling(Protocol):
    """What is needed of a case's row; `told` is by the other case."""

    fold: CaseFold
    told: dict[str, Told]


def signals(state: Telling) -> Iterator[Output]:
    """The signals that are due after an event or a wake; none where nothing differs.

    Revisions only grow, also over a row that was lost: they are made of the time that the walk has reached.
    """
    for signal in (*_signals(state.fold), *_partings(state)):
        before = state.told.get(signal.case_no)
        content = identity(str(encode(signal)))
        if before is None or before.content != content:
            at_ms = state.fold.at_ms
            revision = max(at_ms, before.revision + 1) if before is not None else at_ms
            state.told[signal.case_no] = Told(revision, content)
            told = msgspec.structs.replace(signal, data_version=revision, occurred_at=from_ms(at_ms))
            yield Output(CASE_SIGNALS, signal.case_no, told)


def _signals(fold: CaseFold) -> Iterator[CaseSignal]:
    """What each of the others has to know, without revision and time."""
    joint, never = fold.joint, from_ms(0)
    if joint is None:
        return
    if joint.parent and joint.handed_ms is not None:
        yield ChildChanged(
            event_id=identity("child_changed", fold.case_no, joint.parent),
            case_no=joint.parent,
            sender=fold.case_no,
            occurred_at=never,
            data_version=0,
            handed_over_at=from_ms(joint.handed_ms),
            org=fold.org,
            procedures=_procedures(fold),
            late=_late(fold),
            ended_at=from_ms(fold.stopped_ms) if fold.closed and fold.stopped_ms is not None else None,
        )
    for case_no, child in joint.children.items():
        yield ParentChanged(
            event_id=identity("parent_changed", fold.case_no, case_no),
            case_no=case_no,
            sender=fold.case_no,
            occurred_at=never,
            data_version=0,
            handed_over_at=from_ms(child.handed_ms),
            org=fold.org,
            dues=tuple(ToldDue(from_at=from_ms(since_ms), due_at=from_ms(due_ms)) for since_ms, due_ms in joint.dues),
        )


def _partings(state: Telling) -> Iterator[CaseSignal]:
    """What those have to know who were told something and no longer belong to the case."""
    joint = state.fold.joint
    others = {joint.parent, *joint.children} if joint is not None else set()
    for case_no in [other for other in state.told if other not in others]:
        for kind, name in ((ChildChanged, "child_changed"), (ParentChanged, "parent_changed")):
            event_id = identity(name, state.fold.case_no, case_no)
            yield kind(
                event_id=event_id, case_no=case_no, sender=state.fold.case_no, occurred_at=from_ms(0), data_version=0
            )


def _procedures(fold: CaseFold) -> tuple[ToldProcedure, ...]:
    """Special procedures; one that is open at the decision ended with it."""
    ended_ms = fold.stopped_ms if fold.closed else None
    return tuple(
        ToldProcedure(
            event_id=procedure.event_id,
            from_at=from_ms(procedure.from_ms),
            to_at=from_ms(to_ms) if (to_ms := procedure.to_ms or ended_ms) is not None else None,
            announced_days=procedure.announced,
            ground=procedure.ground,
        )
        for procedure in fold.procedures
    )


def _late(fold: CaseFold) -> tuple[ToldStretch, ...]:
    """When the part was over its limit; on days not yet published nobody is late (clocks.md 8)."""
    return tuple(
        ToldStretch(
            from_at=from_ms(clock.due_ms + 1),
            to_at=from_ms(clock.stopped_ms) if clock.stopped_ms is not None else None,
        )
        for clock in fold.runs_of("joint_child")
        if clock.is_over(fold.at_ms) and not clock.provisional
    )
