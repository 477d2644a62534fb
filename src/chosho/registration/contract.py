"""Contract master and payee register (契約マスタ・受取人登録) beside the requests: only what a request asks for is touched.

A night has some hundred thousand requests, the masters have many million records. So only the keys of a master are transcoded; a
record is copied and transcoded when its policy is asked for. Requests and masters are walked once, in the order of the policy.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from chosho.codec import batch as batches
from chosho.codec import keys as key_order
from chosho.codec import rows
from chosho.codec.assembly import last_partner
from chosho.codec.batch import Block
from chosho.codec.host_keys import host_keys
from chosho.codec.transcoder import Transcoder
from chosho.copybook import Layout, load
from chosho.registration import person, request
from chosho.registration.channels import CONTRACTOR, LUMP_PAYEE, ROLES

POLICY_KEY = request.POLICY_KEY
_PERSON = load("PERSON")


class MasterWalk:
    """Walks a master of the contract system and gives out the persons of the policies asked for.

    Memory: a block of the master, its keys, and the records asked for.

    Args:
        blocks: the master's records, in its order.
        layout: CONTRACT or PAYEE.
        code_page: of the file.
        key: the fields of its key; the policy number comes first.
        moves: field of the master → field of PERSON.
        constants: what stands in the other fields of PERSON.
        master: what it is called, for messages.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        layout: Layout,
        code_page: str,
        *,
        key: tuple[str, ...],
        moves: dict[str, str],
        constants: dict[str, bytes],
        master: str,
    ) -> None:
        self._blocks = host_keys(blocks, [layout[name] for name in key], code_page, master=master)
        self._lrecl = layout.length
        self._constants = constants
        # A character that CP932 lacks makes a name that agrees with none; it does not make the record unreadable.
        self._transcoder = Transcoder(
            layout.fields, code_page, _PERSON.fields, _PERSON.length, list(moves.items()), unmappable="marker"
        )
        self._block: Block = np.empty((0, self._lrecl), np.uint8)
        self._keys: Block = np.empty((0, POLICY_KEY), np.uint8)
        self.ended = False

    def persons(self, policies: Block) -> Block:
        """Return the PERSON records of policies, in the order of the master.

        Args:
            policies: uint8[m, 11], ascending, above those of the call before.

        Raises:
            StopLine: the master's key cannot be read (CHSX008S), or it is not in order (CHSX009S).
        """
        found = [np.empty((0, self._lrecl), np.uint8)]
        last = policies[-1].tobytes()
        while not self.ended:
            found.append(self._asked(policies, last))
            if len(self._keys) and key_order.key(self._keys, len(self._keys) - 1, POLICY_KEY) > last:
                break
            self._advance()
        chosen = np.concatenate(found)
        out = np.empty((len(chosen), _PERSON.length), np.uint8)
        # What cannot be read stays empty, and what is empty agrees with nothing.
        self._transcoder.run(chosen, out)
        for name, value in self._constants.items():
            batches.view(person.FIELDS, out, name)[:] = np.frombuffer(value, np.uint8)
        return out

    def drain(self) -> None:
        """Read on to the end: only then is the order of the whole master known to be good."""
        while not self.ended:
            self._advance()

    def _asked(self, policies: Block, last: bytes) -> Block:
        """Return the records of the present block whose policy is asked for."""
        start = key_order.seek(self._keys, POLICY_KEY, policies[0].tobytes())
        end = key_order.seek(self._keys, POLICY_KEY, last, after=True)
        partner = last_partner(self._keys[start:end, :POLICY_KEY], policies)
        return self._block[start + np.flatnonzero(partner >= 0)]

    def _advance(self) -> None:
        following = next(self._blocks, None)
        if following is None:
            self.ended = True
        else:
            self._block, self._keys = following


def contractors(blocks: Iterable[Block], layout: Layout, code_page: str) -> MasterWalk:
    """Return the walk over the contract master, which gives the contractors (契約者)."""
    return MasterWalk(
        blocks,
        layout,
        code_page,
        key=("POLICY-NO",),
        moves={
            "POLICY-NO": "POLICY-NO",
            "CONTRACT-STATUS": "CONTRACT-STATUS",
            "CONTRACTOR-PARTY": "PARTY",
            "CONTRACTOR-KANA": "KANA",
        },
        constants={"ROLE-CODE": ROLES[CONTRACTOR], "PAYEE-NO": b"00", "RECIPIENT-TYPE": CONTRACTOR},
        master="contract master",
    )


def payees(blocks: Iterable[Block], layout: Layout, code_page: str) -> MasterWalk:
    """Return the walk over the payee register, which gives the payees (受取人)."""
    return MasterWalk(
        blocks,
        layout,
        code_page,
        key=("POLICY-NO", "PAYEE-NO"),
        moves={
            "POLICY-NO": "POLICY-NO",
            "PAYEE-NO": "PAYEE-NO",
            "RECIPIENT-TYPE": "RECIPIENT-TYPE",
            "PAYEE-PARTY": "PARTY",
            "PAYEE-KANA": "KANA",
        },
        constants={"ROLE-CODE": ROLES[LUMP_PAYEE]},
        master="payee register",
    )


def beside(requests: Iterable[Block], *walks: MasterWalk) -> Iterator[tuple[Block, Block]]:
    """Yield requests with the persons of their policies, both in order and in whole groups of the policy number.

    Args:
        requests: in ascending order of their key, in blocks that are whole groups of the policy number.
        walks: over the masters; each is read once, and to its end when there is any request.
    """
    asked = False
    for block in requests:
        if not len(block):
            continue
        asked = True
        policies = block[~rows.repeats(block, POLICY_KEY), :POLICY_KEY]
        persons = np.concatenate([walk.persons(policies) for walk in walks])
        yield block, np.ascontiguousarray(persons[key_order.order(persons, request.PERSON_KEY)])
    if asked:
        for walk in walks:
            walk.drain()
