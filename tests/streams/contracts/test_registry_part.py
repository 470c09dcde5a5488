from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.registry_part import RegistryPart, RegistryRecord
from streams.contracts.topics import REGISTRY


@given(data=st.data())
def test_parts_and_manifests_share_a_topic_and_stay_apart(data: st.DataObject, any_of: Callable[[Any], Any]) -> None:
    value = data.draw(any_of(RegistryRecord))
    again = decode(REGISTRY, encode(value))
    assert again == value
    assert type(again) is type(value)


def test_the_body_of_a_part_stays_the_bytes_it_was() -> None:
    body = b'{"code":"approvals","name_zh":"\xe5\xae\xa1\xe6\x89\xb9\xe5\xb1\x80"}'
    part = RegistryPart(hall="h", version="v", part_kind="org", part_id="approvals", body=msgspec.Raw(body))
    assert bytes(decode(REGISTRY, encode(part)).body) == body
