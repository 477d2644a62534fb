"""Control totals of the intake (受付件数): counts by name, as the deck balances them."""

from collections import Counter

import numpy as np

from chosho.codec import batch as batches
from chosho.codec.batch import Block
from chosho.copybook import load
from chosho.registration import request
from chosho.registration.channels import CHANNELS

ALWAYS = (
    "files.taken",
    "files.refused",
    "missing",
    "read",
    "accepted",
    "rejected",
    *(
        f"{what}.{channel.name}"
        for channel in CHANNELS
        for what in ("files.taken", "read", "accepted", "rejected")
    ),
)
"""The counts that are there also when they are 0; ``read`` is ``accepted`` and ``rejected`` together, also of each channel."""
_NAMES = {channel.code[0]: channel.name for channel in CHANNELS}
_REJECT = load("REGREJ").named()


def of_transactions(block: Block) -> dict[str, int]:
    """Count accepted requests (REGTRAN): ``accepted``, and by channel ``accepted.<name>``."""
    numbers = np.bincount(batches.view(request.FIELDS, block, "CHANNEL")[:, 0], minlength=256).tolist()
    by_channel = {f"accepted.{channel.name}": numbers[channel.code[0]] for channel in CHANNELS}
    return {"accepted": len(block), **by_channel}


def of_rejects(block: Block) -> dict[str, int]:
    """Count rejected requests (REGREJ): ``rejected``, by reason, by channel, and by both (``rejected.<channel>.<REASON>``)."""
    counts: Counter[str] = Counter({"rejected": len(block)})
    reasons = np.ascontiguousarray(batches.view(_REJECT, block, "REASON")).view("S4")[:, 0]
    channels = batches.view(_REJECT, block, "CHANNEL")[:, 0]
    for code, channel in _NAMES.items():
        found = reasons[channels == code]
        counts[f"rejected.{channel}"] = len(found)
        for reason, number in zip(*np.unique(found, return_counts=True), strict=True):
            name = reason.decode("ascii")
            counts.update({f"rejected.{name}": int(number), f"rejected.{channel}.{name}": int(number)})
    return dict(counts)
