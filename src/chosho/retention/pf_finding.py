"""Findings (不一致): where the PF's answers do not agree with what it was told, or fail to come; each names the keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "UNKI": "reply to an instruction that was never made",
        "UNSN": "reply to an instruction that was not sent yet",
        "CLSD": "first reply of its kind to an instruction that is closed",
        "SECD": "second reply that differs from the first, which stands",
        "FORN": "keys that are not in the instruction",
        "MISS": "keys of the instruction that the reply leaves out",
        "STOR": "storage time differs from the declaration's",
        "UNKN": "keys that the PF says it does not know; to be resolved by a person",
        "REFU": "keys that the PF refuses to delete",
        "NDEL": "keys that the PF certifies as not deleted",
        "TIME": "deletion certified for a time before the storage or still to come",
        "CONT": "deletion certified for keys that the PF did not know",
        "CERT": "certificate is missing though the keys are due",
    }
)
"""The table (不一致コード): code → meaning."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A finding about some keys of an instruction; ``file`` is the reply that showed it, empty when it is one that lacks."""

    code: str
    instruction: str
    keys: tuple[str, ...]
    file: str = ""

    @property
    def meaning(self) -> str:
        """What the code means."""
        return MEANINGS[self.code]
