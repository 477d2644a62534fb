"""Channels (入手経路): by which way a request came, and what each way allows. Data only."""

from dataclasses import dataclass

CONTRACTOR, LUMP_PAYEE, ANNUITY_PAYEE = b"01", b"02", b"03"
"""受取人種別."""
ROLES = {CONTRACTOR: b"01", LUMP_PAYEE: b"02", ANNUITY_PAYEE: b"02"}
"""受取人種別 → 個人番号等対象者コード."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A channel.

    Attributes:
        code: its digit in records.
        name: its name in counts.
        title: what people call it.
        dd: the DD of its inbox.
        member: the copybook of its requests. Items that REGTRAN has by the same name are taken over; nothing else is.
        recipients: the kinds of recipient it takes.
        terminals: the types of its terminals; none for a channel without office, terminal, employee and document.
        permit: its batches carry a manager's permit (許可番号).
    """

    code: bytes
    name: str
    title: str
    dd: str
    member: str
    recipients: tuple[bytes, ...]
    terminals: tuple[bytes, ...] = ()
    permit: bool = False

    @property
    def online(self) -> bool:
        """Whether the person declares the number alone, over the PF; 登録 is the only kind of request then."""
        return not self.terminals


COUNTER = Channel(
    code=b"1",
    name="counter",
    title="窓口端末",
    dd="COUNTER",
    member="REGCTR",
    recipients=(CONTRACTOR, LUMP_PAYEE, ANNUITY_PAYEE),
    terminals=(b"C1", b"C2", b"C3", b"C4", b"C5"),
)
MOBILE = Channel(
    code=b"2",
    name="mobile",
    title="携帯端末",
    dd="MOBILE",
    member="REGMOB",
    recipients=(CONTRACTOR, LUMP_PAYEE, ANNUITY_PAYEE),
    terminals=(b"M1",),
)
ONLINE = Channel(
    code=b"3",
    name="online",
    title="オンライン申告",
    dd="ONLINE",
    member="REGONL",
    recipients=(CONTRACTOR, ANNUITY_PAYEE),
)
MAIL = Channel(
    code=b"4",
    name="mail",
    title="郵送",
    dd="MAIL",
    member="REGMAIL",
    recipients=(ANNUITY_PAYEE,),
    terminals=(b"L1",),
    permit=True,
)
CHANNELS = (COUNTER, MOBILE, ONLINE, MAIL)
"""All channels, in the order of their digit."""
