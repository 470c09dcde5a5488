"""Records as aiokafka's parser reads them from the wire, without the second object that it makes of each.

Making that object is half of what reading costs. The parser's own records say all that the engine asks of one.
Private parts of aiokafka 0.14.0 are used, which is why its version is pinned.
"""

from collections import OrderedDict
from collections.abc import Collection
from typing import Any


class LeanRecords(OrderedDict[Any, Any]):
    """What a fetcher has fetched and nobody has taken yet: of some topics the parser's own records."""

    def __init__(self, fetched: "OrderedDict[Any, Any]", topics: Collection[str]) -> None:
        """Take over what is there; `topics`: the ones whose records are taken as they are."""
        self._topics = topics
        super().__init__(fetched)

    def __setitem__(self, place: Any, found: Any) -> None:
        """Keep what was fetched of one partition (an error, or records still to be parsed)."""
        records = getattr(found, "_partition_records", None)
        if records is not None and place.topic in self._topics:
            records._consumer_record = _as_it_is
        super().__setitem__(place, found)


def _as_it_is(_: Any, record: Any) -> Any:
    return record


def read_leanly(fetcher: Any, topics: Collection[str]) -> None:
    """From now on this fetcher hands over the parser's own records of these topics; called again it does nothing."""
    if type(fetcher._records) is not LeanRecords:
        fetcher._records = LeanRecords(fetcher._records, topics)
