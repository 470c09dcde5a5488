"""A limit: an amount with a unit."""

import msgspec

from streams.contracts.case_event import LimitUnit


class Limit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """20 working days, 8 clock hours, 3 calendar months. The amount is positive."""

    amount: int
    unit: LimitUnit
