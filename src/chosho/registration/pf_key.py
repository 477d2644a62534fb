"""The PF's key of a number (キー情報): what registration tells the PF ledger of it. It holds no number."""

from typing import TypeAlias

PfKey: TypeAlias = tuple[str, str, str, str]
"""Key id at the PF, when the PF stored it (14 digits; where that cannot be read, the date of the file, 8 digits), its state, the
reason of a rejected one."""
DUE, REJECTED = "due", "rejected"
"""States of a key: its number is to be deleted at the PF; it was rejected, stays there until it is resolved, and is chased."""
