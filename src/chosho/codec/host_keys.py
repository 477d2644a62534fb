"""Keys of host records (ホストキー): the key fields of a host-coded master in ASCII, so that they can be compared.

A master of the host stands in the order of its own code page, whose letters and digits sort differently from ours (DESIGN §5,
Order). Its key is transcoded beside each record, and the order is checked on that key.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from chosho.codec import keys
from chosho.codec.batch import Block
from chosho.codec.field import FieldLike
from chosho.codec.transcoder import Transcoder
from chosho.errors import StopLine


def host_keys(
    blocks: Iterable[Block], fields: Sequence[FieldLike], code_page: str, *, master: str
) -> Iterator[tuple[Block, Block]]:
    """Yield each block of a master as it is, and its keys in ASCII: ``uint8[n, lrecl]``, ``uint8[n, k]``.

    Args:
        blocks: records in the order of the file.
        fields: the text fields at the start of the record that make the key, without a gap.
        code_page: of the file.
        master: what the master is called, for messages.

    Raises:
        StopLine: a key cannot be read (CHSX008S) or is lower than the one before (CHSX009S).
    """
    length = sum(field.length for field in fields)
    transcoder = Transcoder(fields, code_page, fields, length, [(field.name, field.name) for field in fields])
    last = np.zeros((1, length), np.uint8)
    first = 0
    for block in blocks:
        key = np.empty((len(block), length), np.uint8)
        faults = transcoder.run(block, key)
        if len(faults):
            raise StopLine("CHSX008S", master=master, record=first + int(faults.record.min()) + 1)
        descent = keys.descent(np.concatenate([last, key]), length)
        if descent >= 0:
            raise StopLine("CHSX009S", master=master, record=first + descent)
        yield block, key
        first += len(block)
        last = key[-1:] if len(key) else last
