"""What a case keeps of the other cases of a joint case (联办件), and how their signals change it (clocks.md 3).

A signal tells the whole of what its receiver needs. It is kept as pieces, one for each thing that happened at an
instant of its own, so that the walk meets them in the order in which they happened.
"""

from bisect import insort
from collections.abc import Iterator

import msgspec

from streams.contracts.case_signal import CaseSignal, ChildChanged, ParentChanged
from streams.contracts.codec import identity
from streams.contracts.instants import Instant, to_ms
from streams.limits.grounds import suspends_all
from streams.processes.case.case_clocks import plan, start_joint_child, start_joint_parent, stop_clock
from streams.processes.case.essence import CHILD_PIECE, PARENT_PIECE, Essence
from streams.processes.case.fold import CaseFold, Child, Joint
from streams.processes.case.knowledge import Knowledge
from streams.processes.case.mechanisms import resume_skips, skip

Piece = tuple[str, Instant | None, str, int | None, int | None, str]
"""What, since when, the key among its like, a further instant, a number, a ground."""


def put_signal(tail: list[Essence], signal: CaseSignal, settled: tuple[int, int, str] | None = None) -> list[Essence]:
    """Put a signal's pieces in place of those of the sender's signal before it; those that are new.

    Empty where the sender has told something newer already, or the same. What lies before `settled` is no longer
    judged.
    """
    rank = CHILD_PIECE if isinstance(signal, ChildChanged) else PARENT_PIECE
    old = [piece for piece in tail if piece.rank == rank and piece.text == signal.sender]
    if old and old[0].version >= signal.data_version:
        return []
    told = {_without_version(piece) for piece in old}
    pieces = [_essence(signal, rank, piece) for piece in _pieces(signal) if piece[1] is not None]
    pieces = [piece for piece in pieces if settled is None or piece.order() > settled]
    tail[:] = [other for other in tail if other not in old]
    for piece in pieces:
        insort(tail, piece, key=Essence.order)
    return [piece for piece in pieces if _without_version(piece) not in told]


def linked(fold: CaseFold, event: Essence, knowledge: Knowledge) -> None:
    """A feed says that another case is the lead or a part of this one."""
    _link(fold, event.text, event.more, event, knowledge)


def child_told(fold: CaseFold, piece: Essence, knowledge: Knowledge) -> None:
    """One thing that happened to a part of this joint case."""
    if piece.more == "linked":
        _link(fold, piece.text, "child", piece, knowledge)
    child = fold.joint.children.get(piece.text) if fold.joint is not None else None
    if child is None:
        return
    child.org = piece.org
    clock = fold.open_clock("joint_parent")
    if piece.more == "suspended":
        _suspended_with(fold, piece, knowledge)
    elif piece.more == "resumed" and clock is not None:
        resume_skips(clock, {piece.item}, piece.at_ms)
    elif piece.more == "late":
        child.late, child.piece = [*child.late, (piece.at_ms, None)], piece.event_id
    elif piece.more == "in_time" and child.late:
        child.late[-1] = (child.late[-1][0], piece.at_ms)
    if piece.more == "ended":
        child.ended_ms = piece.at_ms
        if fold.closed and not fold.open_parts():
            stop_clock(clock, piece.at_ms, piece.event_id)
    plan(fold, knowledge)


def parent_told(fold: CaseFold, piece: Essence, knowledge: Knowledge) -> None:
    """The lead hands this part over, or its promise is due at another instant from now on."""
    if piece.more == "handed_over":
        _link(fold, piece.text, "parent", piece, knowledge)
    elif piece.more == "due" and fold.joint is not None and fold.joint.parent == piece.text:
        fold.joint.latest_ms = piece.instant_ms
        start_joint_child(fold, knowledge)
        plan(fold, knowledge)


def _without_version(piece: Essence) -> Essence:
    return msgspec.structs.replace(piece, version=0)


def note_due(fold: CaseFold) -> None:
    """Note since when the lead's promise is due when it is: its parts are bound to that."""
    if fold.joint is None or not fold.joint.children:
        return
    promise, dues = fold.clock("promise"), fold.joint.dues
    if promise is not None and (not dues or dues[-1][1] != promise.due_ms):
        dues.append((fold.at_ms, promise.due_ms))


def _link(fold: CaseFold, other: str, role: str, event: Essence, knowledge: Knowledge) -> None:
    if fold.joint is None:
        fold.joint = Joint()
    joint = fold.joint
    if role == "parent":
        if not joint.parent and not joint.children:
            joint.parent, joint.handed_ms, joint.handed_event = other, event.at_ms, event.event_id
            whole = fold.open_clock("joint_parent")
            if whole is not None:  # recorded as a joint case, and only a part of one
                whole.stopped_ms, whole.ended = event.at_ms, "void"
            start_joint_child(fold, knowledge)
    elif not joint.parent and other not in joint.children:
        joint.children[other] = Child(event.at_ms)
        start_joint_parent(fold, knowledge)
    plan(fold, knowledge)


def _suspended_with(fold: CaseFold, piece: Essence, knowledge: Knowledge) -> None:
    """A part's special procedure suspends the clock of the whole, by the lead's calendar; those that overlap merge."""
    policy, clock = knowledge.policy(fold.item), fold.open_clock("joint_parent")
    if clock is None or not suspends_all(piece.staff, policy):
        return
    days = piece.number if piece.number is not None else policy.suspension_days_max
    skip(clock, knowledge.calendar(fold.org), piece.at_ms, "suspension", piece.item, days, piece.staff)


def _pieces(signal: CaseSignal) -> Iterator[Piece]:
    """The pieces of a signal; where the two no longer belong together, one that changes nothing."""
    if signal.handed_over_at is None:
        yield "parted", signal.occurred_at, "", None, None, ""
        return
    if isinstance(signal, ParentChanged):
        yield "handed_over", signal.handed_over_at, "", None, None, ""
        for index, due in enumerate(signal.dues):
            yield "due", due.from_at, str(index), to_ms(due.due_at), None, ""
        return
    yield "linked", signal.handed_over_at, "", None, None, ""
    for procedure in signal.procedures:
        key = procedure.event_id
        yield "suspended", procedure.from_at, key, None, procedure.announced_days, procedure.ground
        yield "resumed", procedure.to_at, key, None, None, ""
    for index, late in enumerate(signal.late):
        yield "late", late.from_at, str(index), None, None, ""
        yield "in_time", late.to_at, str(index), None, None, ""
    yield "ended", signal.ended_at, "", None, None, ""


def _essence(signal: CaseSignal, rank: int, piece: Piece) -> Essence:
    what, at, key, instant_ms, number, ground = piece
    return Essence(
        to_ms(signal.occurred_at if at is None else at),
        rank,
        identity(signal.event_id, what, key),
        signal.data_version,
        org=signal.org,
        staff=ground,
        item=key,
        instant_ms=instant_ms,
        number=number,
        text=signal.sender,
        more=what,
    )
