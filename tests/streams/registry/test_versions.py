from datetime import date
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.contracts.codec import decode, encode
from streams.contracts.errors import UnreadableError
from streams.contracts.registry_part import RegistryManifest, RegistryPart
from streams.contracts.topics import REGISTRY
from streams.limits.limit import Limit
from streams.registry.registry import HallRegistry, Registry
from streams.registry.snapshot import CalendarData, Feed, Hall, HoursData, Item, Org, Policy, Route, RuleSetting
from streams.registry.versions import (
    combine,
    counts_of,
    from_parts,
    hash_of,
    is_complete,
    key_of,
    registries_of,
    to_parts,
)

PUBLISHED_MS = 1_790_000_000_000


def hall(code: str = "a", feed: str = "", **changed: object) -> HallRegistry:
    parts: dict[str, object] = {
        "hall": Hall(code=code, name_zh=code, calendar="c", hours="d", policy="p"),
        "orgs": (Org(code="z", name_zh="后"), Org(code="b", name_zh="前")),
        "items": (Item(code="i", name_zh="许可", promise=Limit(amount=5, unit="working_days")),),
        "policies": (Policy(code="p"),),
        "calendars": (CalendarData(code="c", zone="UTC", version="1", free={date(2026, 1, 1): "元旦"}),),
        "hours": (HoursData(code="d", weekdays={1: ("09:00-17:00",)}),),
        "feeds": (Feed(name=feed or f"{code}-feed"),),
        "routes": (Route(code="second", levels=("red",)), Route(code="first")),
        "rules": (
            RuleSetting(rule="R", parameters={"n": 2, "share": 0.5, "word": "2"}),
            RuleSetting(rule="R", org="z"),
        ),
    }
    return HallRegistry(**{**parts, **changed})  # type: ignore[arg-type]


def two_halls() -> Registry:
    return combine(combine(Registry(), hall("a")), hall("b"))


@given(st.randoms(use_true_random=False))
def test_cut_and_put_together_in_any_order_gives_the_same_registry(random: Random) -> None:
    registry = two_halls()
    manifest, parts = to_parts(registry, PUBLISHED_MS)
    random.shuffle(parts)
    assert from_parts(manifest, parts) == registry


def test_parts_survive_the_topic() -> None:
    registry = two_halls()
    manifest, parts = to_parts(registry, PUBLISHED_MS)
    records = [decode(REGISTRY, encode(record)) for record in (*parts, manifest)]
    assert registries_of(records) == {registry.version: registry}


def test_routes_keep_their_order() -> None:
    registry = combine(Registry(), hall())
    manifest, parts = to_parts(registry, PUBLISHED_MS)
    assert [route.code for route in from_parts(manifest, parts[::-1]).halls["a"].routes] == ["second", "first"]


def test_a_version_is_named_after_its_content_alone() -> None:
    one = combine(combine(Registry(), hall("a")), hall("b"))
    other = combine(combine(Registry("old"), hall("b")), hall("a"))
    assert one.version == other.version
    assert combine(one, hall("a")).version == one.version
    assert combine(one, hall("a", policies=(Policy(code="p", correction="pause"),))).version != one.version
    assert combine(one, hall("a", routes=hall().routes[::-1])).version != one.version


def test_applying_one_hall_keeps_the_others() -> None:
    before = two_halls()
    after = combine(before, hall("a", items=()))
    assert after.halls["b"] is before.halls["b"]
    assert after.halls["a"].items == ()
    assert before.halls["a"].items != ()


def test_two_halls_cannot_have_a_feed_of_one_name() -> None:
    with pytest.raises(UnreadableError, match=r"feeds\.same: hall a has a feed of this name"):
        combine(combine(Registry(), hall("a", feed="same")), hall("b", feed="same"))


def test_a_version_is_complete_only_with_every_part_and_nothing_else() -> None:
    manifest, parts = to_parts(two_halls(), PUBLISHED_MS)
    assert is_complete(manifest, parts)
    assert not is_complete(manifest, parts[1:])
    assert not is_complete(manifest, [*parts, parts[0]])
    changed = msgspec.structs.replace(parts[0], body=msgspec.Raw(b"{}"))
    assert not is_complete(manifest, [changed, *parts[1:]])
    foreign = msgspec.structs.replace(parts[0], version="other")
    assert not is_complete(manifest, [foreign, *parts[1:]])


def test_an_incomplete_version_is_refused_and_does_not_exist_yet() -> None:
    manifest, parts = to_parts(two_halls(), PUBLISHED_MS)
    with pytest.raises(UnreadableError, match="not complete"):
        from_parts(manifest, parts[1:])
    assert registries_of([*parts[1:], manifest]) == {}
    assert registries_of(parts) == {}


def test_a_repeated_record_counts_once() -> None:
    registry = two_halls()
    manifest, parts = to_parts(registry, PUBLISHED_MS)
    assert list(registries_of([*parts, manifest, *parts, manifest])) == [registry.version]


def test_versions_beside_each_other_do_not_mix() -> None:
    first, second = two_halls(), combine(two_halls(), hall("a", orgs=()))
    records = [record for registry in (first, second) for record in flat(registry)]
    assert registries_of(records) == {first.version: first, second.version: second}


def flat(registry: Registry) -> list[RegistryPart | RegistryManifest]:
    manifest, parts = to_parts(registry, PUBLISHED_MS)
    return [*parts, manifest]


def test_the_manifest_counts_each_halls_parts() -> None:
    manifest, _ = to_parts(two_halls(), PUBLISHED_MS)
    assert manifest.counts["a/orgs"] == 2
    assert manifest.counts["b/hall"] == 1
    assert manifest.hall == "a,b"
    assert "a/people" not in manifest.counts


def test_every_record_has_a_key_of_its_own() -> None:
    records = flat(two_halls())
    assert len({key_of(record) for record in records}) == len(records)


@pytest.mark.parametrize(("kind", "field"), [("teapots", "part_kind"), ("orgs", "orgs/z")])
def test_a_part_of_an_unknown_kind_or_shape_is_named(kind: str, field: str) -> None:
    part = RegistryPart(hall="a", version="v", part_kind=kind, part_id="z", body=msgspec.Raw(b'{"code":1}'))
    empty = to_parts(Registry("v"), PUBLISHED_MS)[0]
    manifest = msgspec.structs.replace(empty, counts=counts_of([part]), content_hash=hash_of([part]))
    with pytest.raises(UnreadableError) as caught:
        from_parts(manifest, [part])
    assert caught.value.field == field
