"""The catalogue (カタログ): every dataset of a data root by its name (DSN), from ``CATALOG.yaml``.

An entry says which copybook describes the records (by date), how they are stored (RECFM, LRECL, code page), how they are
protected (class, sealed, right) and how long they stay (generations). A dataset is either ours, kept as numbered
generations of parts; or ``external``: a file of another system below the data root, read and never written or erased; or an
``inbox``: a folder below the data root where others deliver files, each taken once and erased when it was taken. What is
committed to a dataset with an ``outbox`` is also laid out for others in that folder.

RECFM F: fixed records of LRECL bytes. T: text lines ended by CRLF. U: one file of bytes per part.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chosho import copybook, disk, document
from chosho.codec import codepages
from chosho.dataset.part import PartSource
from chosho.errors import InputRefused

FILE_NAME: Final = "CATALOG.yaml"
NUMBER_MASTER: Final = "CHOSHO.NUMBER.MASTER"
"""The number master (個人番号等管理マスタ)."""
RETURNS: Final = "CHOSHO.REGISTRATION.RETURN"
"""The lists of rejected requests that go back to the offices (返却一覧)."""
STATUS: Final = "CHOSHO.NUMBER.STATUS"
"""The acquisition status for terminals (取得状況)."""

Dsn = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(\.[A-Z][A-Z0-9]*)*$", max_length=44)]
"""A dataset name: qualifiers joined by points, 44 characters at most."""

_ENCRYPTED_SUFFIXES: Final = (".age", ".iso")
"""Files that hold personal data inside an encryption of their own (an image holds age files only)."""


class Klass(StrEnum):
    """How sensitive a dataset is (区分)."""

    SPECIFIC_PERSONAL = "specific-personal"  # 特定個人情報
    PERSONAL = "personal"  # 個人情報
    NONE = "none"


class Tag(StrEnum):
    """What a field is, beyond its PICTURE."""

    KEY = "key"
    SECRET = "secret"  # noqa: S105 - a word of the catalogue
    KANA = "kana"
    ERA = "era"
    CODE = "code"
    """A word of the house, never personal: it may be shown however long it is."""


class LayoutPeriod(BaseModel):
    """Which copybook describes the records from a business date on, until the next period or ``to`` (inclusive)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    copybook: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]


class Entry(BaseModel):
    """A dataset of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dsn: str
    title: str
    layouts: tuple[LayoutPeriod, ...] = ()
    recfm: Literal["F", "T", "U"]
    lrecl: Annotated[int, Field(ge=1, le=32760)] | None = None
    code_page: str | None = None
    klass: Klass = Field(alias="class")
    sealed: bool = False
    external: str | None = None
    inbox: str | None = None
    outbox: str | None = None
    generations: Annotated[int, Field(ge=1, le=9999)] | Literal["by-rule"] | None = None
    right: Annotated[str, StringConstraints(pattern=r"^[a-z]+(\.[a-z]+)*$")]
    key: Annotated[int, Field(ge=0)] = 0
    suffix: Annotated[str, StringConstraints(pattern=r"^(\.[a-z0-9]+)?$")] = ""
    tags: dict[str, Tag] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._form_faults(), *self._date_faults(), *self._protection_faults()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _form_faults(self) -> Iterator[str]:
        if self.recfm == "F":
            if self.lrecl is None or not self.layouts:
                yield "recfm F needs lrecl and layouts"
            elif self.key > self.lrecl:
                yield f"key of {self.key} bytes is longer than lrecl {self.lrecl}"
        elif self.lrecl is not None or self.layouts or self.key or self.tags:
            yield f"recfm {self.recfm} has no lrecl, layouts, key or tags"
        if self.recfm == "U" and (not self.suffix or self.code_page):
            yield "recfm U needs a suffix and has no code page"
        if self.recfm != "U" and (self.suffix or self.code_page is None):
            yield f"recfm {self.recfm} needs a code page and has no suffix"
        if self.code_page is not None and self.code_page not in codepages.PAGES:
            yield f"code page {self.code_page} is none of {', '.join(codepages.PAGES)}"

    def _date_faults(self) -> Iterator[str]:
        for period in self.layouts:
            if period.end is not None and period.end < period.start:
                yield f"layout {period.copybook} ends {period.end}, before it starts {period.start}"
        for one, two in zip(self.layouts, self.layouts[1:], strict=False):
            if two.start <= (one.end or one.start):
                yield f"layouts {one.copybook} and {two.copybook} overlap at {two.start}"

    def _protection_faults(self) -> Iterator[str]:
        # What is delivered comes inside an encryption of its own, to the data centre's recipient.
        encrypted = (self.recfm == "U" and self.suffix in _ENCRYPTED_SUFFIXES) or self.inbox is not None
        if self.klass is Klass.SPECIFIC_PERSONAL and not self.sealed and not encrypted:
            yield "class specific-personal needs sealed: true"
        if Tag.SECRET in self.tags.values() and not self.sealed and self.inbox is None:
            yield "a dataset with a secret field needs sealed: true"
        yield from self._place_faults()

    def _place_faults(self) -> Iterator[str]:
        places = {"external": self.external, "inbox": self.inbox, "outbox": self.outbox}
        given = {name: place for name, place in places.items() if place is not None}
        for name, place in given.items():
            path = PurePosixPath(place)
            if path.is_absolute() or ".." in path.parts or place != str(path):
                yield f"{name} {place} is not a plain path below the data root"
        if len(given) > 1:
            yield f"{' and '.join(given)} exclude each other"
        if self.foreign:
            if self.generations is not None or self.sealed:
                yield f"{'inbox' if self.external is None else 'external'} has no generations and is not sealed"
        elif self.generations is None:
            yield "needs generations (or external or inbox)"
        if self.inbox is not None and self.recfm != "F":
            yield "inbox needs recfm F"
        if self.outbox is not None and (self.recfm != "U" or self.klass is not Klass.NONE):
            yield "outbox needs recfm U and class none: what is laid out there leaves the house as it is"

    @property
    def limit(self) -> int | None:
        """How many generations stay when a newer one is made; None when their number ends no generation's time."""
        return self.generations if isinstance(self.generations, int) else None

    @property
    def by_rule(self) -> bool:
        """Whether its generations end by a rule of the retention table only: others still need every one of them."""
        return self.generations == "by-rule"

    @property
    def foreign(self) -> bool:
        """Whether the dataset is not ours: files of others, without generations."""
        return self.external is not None or self.inbox is not None

    def layout(self, business_date: date) -> copybook.Layout:
        """Return the record layout that is valid on a business date, checked against LRECL and tags.

        Raises:
            InputRefused: no layout is valid on that date (CHSD102E), its length is not LRECL (CHSD101E), or a tag names a
                field that it does not have (CHSD103E).
        """
        found = [
            p for p in self.layouts if p.start <= business_date and (p.end is None or business_date <= p.end)
        ]
        if not found:
            raise InputRefused("CHSD102E", dsn=self.dsn, date=business_date)
        member = found[-1].copybook
        layout = copybook.load(member)
        if layout.length != self.lrecl:
            raise InputRefused(
                "CHSD101E", dsn=self.dsn, lrecl=self.lrecl, copybook=member, length=layout.length
            )
        names = layout.named()
        for name in self.tags:
            if name not in names:
                raise InputRefused("CHSD103E", dsn=self.dsn, field=name, copybook=member)
        return layout

    def source(self, root: Path) -> PartSource:
        """Return the one part of an external dataset.

        Raises:
            InputRefused: the file is missing (CHSD104E), or is no whole number of records (CHSD105E).
        """
        if self.external is None:
            raise ValueError(f"{self.dsn} is not external")
        path = root / self.external
        try:
            with disk.OldFile(path) as file:
                size = file.size
        except InputRefused as error:
            raise InputRefused("CHSD104E", dsn=self.dsn, path=path) from error
        lrecl = self.lrecl or 1
        if size % lrecl:
            raise InputRefused("CHSD105E", path=path, size=size, lrecl=lrecl, remainder=size % lrecl)
        return PartSource(
            path=path,
            label=path.name,
            records=size // lrecl,
            plain_bytes=size,
            stored_bytes=size,
            file_key=None,
        )


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    datasets: dict[Dsn, Entry]

    @model_validator(mode="before")
    @classmethod
    def _name_entries(cls, tree: object) -> object:
        """Tell each entry its own name, which stands before it and not in it."""
        if not isinstance(tree, dict) or not isinstance(rows := tree.get("datasets"), dict):
            return tree
        if any(isinstance(row, dict) and "dsn" in row for row in rows.values()):
            raise ValueError("dsn stands before an entry, not in it")
        named = {dsn: {**row, "dsn": dsn} if isinstance(row, dict) else row for dsn, row in rows.items()}
        return {**tree, "datasets": named}


class Catalog:
    """The datasets of a data root by DSN; iterates over its entries in the order of the file."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self._entries = entries

    @classmethod
    def load(cls, root: Path) -> Self:
        """Read the catalogue of a data root.

        Raises:
            InputRefused: there is no such file, or it contradicts itself (all faults at once, with their lines).
        """
        path = root / FILE_NAME
        return cls.parse(disk.read_bytes(path).decode(), source=str(path))

    @classmethod
    def parse(cls, text: str, *, source: str = FILE_NAME) -> Self:
        """Read a catalogue from its text; as :meth:`load`."""
        return cls(document.load(text, source=source, model=_Document).datasets)

    def __getitem__(self, dsn: str) -> Entry:
        """Return the entry of a dataset.

        Raises:
            InputRefused: it is not in the catalogue (CHSD100E).
        """
        if dsn not in self._entries:
            raise InputRefused("CHSD100E", dsn=dsn)
        return self._entries[dsn]

    def __contains__(self, dsn: object) -> bool:
        return dsn in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)


def catalog_schema() -> dict[str, Any]:
    """Return the JSON Schema of a catalogue, for editors; what depends on several keys is checked on loading only."""
    schema = _Document.model_json_schema(by_alias=True)
    entry = schema["$defs"]["Entry"]
    del entry["properties"]["dsn"]
    entry["required"].remove("dsn")
    schema["title"] = "catalogue of a chosho data root"
    return schema
