"""Values of every contract, for properties: anything that the types allow."""

import functools
from collections.abc import Callable
from datetime import UTC, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import strategies as st
from msgspec import inspect

Strategy = st.SearchStrategy[Any]

_ZONES = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-4, minutes=-30))])
_PLAIN: dict[type, Strategy] = {
    inspect.StrType: st.text(max_size=20),
    inspect.IntType: st.integers(min_value=-(2**63), max_value=2**63 - 1),
    inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    inspect.BoolType: st.booleans(),
    inspect.BytesType: st.binary(max_size=20),
    inspect.NoneType: st.none(),
    inspect.DateTimeType: st.datetimes(timezones=_ZONES),
    inspect.RawType: st.sampled_from([msgspec.Raw(b'{"code":"a"}'), msgspec.Raw(b"[1,2]"), msgspec.Raw(b"null")]),
}


def _struct(info: inspect.StructType) -> Strategy:
    needed = {field.name: _strategy(field.type) for field in info.fields if field.required}
    free = {field.name: _strategy(field.type) for field in info.fields if not field.required}
    return st.fixed_dictionaries(needed, optional=free).map(lambda values: info.cls(**values))


def _strategy(info: inspect.Type) -> Strategy:
    if isinstance(info, inspect.StructType):
        return _struct(info)
    if isinstance(info, inspect.UnionType):
        return st.one_of([_strategy(member) for member in info.types])
    if isinstance(info, inspect.LiteralType):
        return st.sampled_from(info.values)
    if isinstance(info, inspect.VarTupleType):
        return st.lists(_strategy(info.item_type), max_size=3).map(tuple)
    if isinstance(info, inspect.DictType):
        return st.dictionaries(_strategy(info.key_type), _strategy(info.value_type), max_size=3)
    return _PLAIN[type(info)]


@functools.cache
def _any_of(contract: Any) -> Strategy:
    return _strategy(inspect.type_info(contract))


@pytest.fixture(scope="session")
def any_of() -> Callable[[Any], Strategy]:
    """Gives the strategy for any value of a contract, or of a union of contracts."""
    return _any_of
