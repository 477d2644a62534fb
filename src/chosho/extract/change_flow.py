"""The flow of the extract of changes (異動の抽出): places, numbers and control totals beside the rule of :mod:`changes`."""

from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import Layout, load
from chosho.extract import changes, contract, rejection, verdict

_CHANGE = load("CHGDATA").named()


@dataclass(frozen=True, kw_only=True)
class ChangeExtract:
    """One extract of changes.

    Attributes:
        contracts: layout and code page of the contract master (CONTRACT).
        parameters: see :class:`changes.Parameters`.
        counts: the control totals so far: ``read``, ``kept``, ``kept.yen`` (解約返戻金相当額), ``left_out`` and ``rejected``, both
            also by their code.
    """

    contracts: tuple[Layout, str]
    parameters: changes.Parameters
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Declare the counts that are there also when they are 0."""
        left_out = (f"left_out.{code}" for code in changes.LEFT_OUT)
        self.counts.update(dict.fromkeys(("read", "kept", "kept.yen", "left_out", *left_out, "rejected"), 0))

    def made(self, groups: Iterable[Block]) -> Generator[tuple[Block, Block], None, None]:
        """Yield CHGDATA records, numbered, and REJECT records of contracts that cannot be judged or written.

        Args:
            groups: keyed contracts in the order of the key, whole groups of it (see :func:`contract.keyed`).
        """
        reader = changes.ChangeReader(*self.contracts, self.parameters)
        names = rejection.field_names(self.contracts[0], self.contracts[0])
        for block in groups:
            first = self.counts["read"]
            found, told = reader.read(block, first)
            judged = verdict.unpack(told)
            start = self.counts["kept"]
            places = np.arange(start, start + len(found), dtype=np.int64)
            batches.view(_CHANGE, found, "PLACE")[:] = places
            refused = judged[~verdict.one_of(judged["outcome"], changes.LEFT_OUT)]
            self._count(judged, found, len(block))
            yield found, rejection.records(block[:, contract.KEY_LENGTH :], first, refused, names)

    def _count(self, judged: npt.NDArray[Any], found: Block, read: int) -> None:
        yen = int(batches.view(_CHANGE, found, "SURRENDER-VALUE").sum())
        self.counts.update({"read": read, "kept": len(found), "kept.yen": yen})
        for outcome, number in zip(*np.unique(judged["outcome"], return_counts=True), strict=True):
            code = verdict.text(outcome)
            name = "left_out" if code in changes.LEFT_OUT else "rejected"
            self.counts.update({name: int(number), f"{name}.{code}": int(number)})
