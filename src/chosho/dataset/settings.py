"""Settings of the house (設定): ``SETTINGS.yaml`` of the data root.

Who submits, the points that no text of the tax agency settles (``nta``, each with its documented default: the NTA layouts
leave them open), what the media register says about a transport, who may let requests for the number master pass, how PF
deletions are instructed, what the handling report says of people and jobs, how many inquiries a person may make, and how much
access is usual.
"""

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chosho import disk, document

FILE_NAME: Final = "SETTINGS.yaml"

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Clock = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
_Limit = Annotated[int, Field(ge=0)]
_Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]*$")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Obligor(_Model):
    """The one who has to submit (提出義務者), as the statements name it; ``name`` and ``address`` in full width."""

    address: Annotated[_Text, StringConstraints(max_length=60)]
    name: Annotated[_Text, StringConstraints(max_length=30)]
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9-]{1,15}$")]
    corporate_no: Annotated[str, StringConstraints(pattern=r"^[0-9]{13}$")]
    branch_division_no: Annotated[_Digits, StringConstraints(max_length=5)] = ""
    reference_no_1: Annotated[str, StringConstraints(max_length=10)] = ""
    reference_no_2: Annotated[str, StringConstraints(max_length=13)] = ""


class NtaPoints(_Model):
    """The points that no text settles, by name."""

    zero_amount: Literal["zero", "empty"] = "zero"
    """An amount that does not occur: ``0`` or an empty item."""
    last_item: Literal["empty", "space"] = "empty"
    """The last item of a row when it is empty: nothing (disc) or a space (e-Tax)."""
    change_count: Literal["empty", "zero"] = "empty"
    """契約者変更の回数 when there was no change."""
    address_unwritable: Literal["geta", "stop"] = "geta"
    """A character of an address that is in no table: 〓, or the step stops."""
    ratio_decimal: Literal["left", "right"] = "left"
    """小数部 of the ratio in 366: ``500`` for .5, or ``005``."""
    amount_findings: Literal["list", "off"] = "list"
    """Amounts of annuities that are not what the law makes of the others: listed with a warning, or not looked at."""
    change_exempt: Annotated[int, Field(ge=0)] = 1_000_000
    """Yen; a change of contractor by death needs no statement 386 when the surrender value is so much or less."""
    correction_files: Literal["together", "apart"] = "together"
    """Void records (訂正表示 1) and right ones of a kind: in one file, each void before its right one, or in files of their own.

    New ones always stand in files of their own.
    """


class Transport(_Model):
    """What the media register says of a transport (移送): its ends, its purpose, and how long the disc is kept."""

    origin: _Text = Field(alias="from")
    destination: _Text = Field(alias="to")
    purpose: _Text
    person_in_charge: _Text
    kept_for: _Text


class Registration(_Model):
    """Who may let requests for the number master pass."""

    permits: tuple[_Text, ...] = ()
    """Permit numbers (許可番号) of the managers under which mail batches are entered."""
    approvers: tuple[_Text, ...] = ()
    """Employee ids that may approve the deletion (削除) of a number; never one's own request."""


class Pf(_Model):
    """How deletions at the PF are instructed."""

    approval: Literal["required", "none"] = "required"
    """Whether a second person approves an instruction before it is sent."""


class Inquiry(_Model):
    """How many inquiries (照会) a person may make within an hour."""

    per_hour: Annotated[int, Field(ge=1)] = 20
    """Inquiries, those that reveal a number among them."""
    reveals_per_hour: Annotated[int, Field(ge=0)] = 3
    """Inquiries that reveal a number; 0: none."""


class Handling(_Model):
    """What the handling report (取扱い記録) says of people and jobs, whom the journal knows by name only."""

    departments: dict[str, _Text] = {}
    """Person → department."""
    department: _Text = "情報管理センター"
    """Department of everybody else."""
    purposes: dict[str, _Text] = {}
    """Deck → purpose (利用目的)."""
    purpose: _Text = "個人番号関係事務の運用"
    """Purpose of everything else."""


class Submission(_Model):
    """What goes to the tax office (提出): who submits, where to, how the discs are protected, what their papers say."""

    tax_office: _Text = "架空税務署"
    """提出先の税務署."""
    office_no: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")] = "00000"
    """局署番号."""
    reference_no: Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")] = "00000000"
    """整理番号."""
    submitter: str = ""
    """提出者名, as label and papers name it; "": the obligor's."""
    address: str = ""
    """提出者住所; "": the obligor's."""
    corporate_no: Annotated[str, StringConstraints(pattern=r"^([0-9]{13})?$")] = ""
    """法人番号 of who submits; "": the obligor's."""
    department: _Text = "支払サービス部"
    contact: _Text = "担当者"
    container: Literal["age", "zip", "external"] = "age"
    """How the files on the discs are protected when the command does not say."""
    bundled: Literal["有", "無"] = "無"
    """本店等一括提出."""
    people: Literal["payees", "statements"] = "payees"
    """人員 of a summary: payees, each counted once by name and address, or statements; no text says which."""
    postal_life: bool = True
    """簡易生命保険: the summary has the lines of the statements submitted only (支払調書提出分)."""


class Paper(_Model):
    """Papers (帳票)."""

    font: str = ""
    """File of the Japanese font that goes into PDFs; "": the usual places are searched."""


class Unusual(_Model):
    """How much access by a person in a day is usual; more is told by ``chosho journal unusual``."""

    opens: _Clock = "07:00"
    """Working hours begin, in Japan."""
    closes: _Clock = "21:00"
    """Working hours end; ``24:00`` when they do not."""
    days_off: bool = True
    """Whether days that are no business days count as outside working hours."""
    looks: _Limit = 50
    """Datasets, reports and statuses looked at."""
    records: _Limit = 1000
    """Records shown."""
    outputs: _Limit = 5
    """Lists handed out, backups made."""
    passphrases: _Limit = 5
    """Passphrases shown or used."""
    refusals: _Limit = 2
    """Refusals for want of a right."""


class Settings(_Model):
    """All settings of a data root."""

    obligor: Obligor
    nta: NtaPoints = NtaPoints()
    transport: Transport
    registration: Registration = Registration()
    pf: Pf = Pf()
    handling: Handling = Handling()
    inquiry: Inquiry = Inquiry()
    submission: Submission = Submission()
    paper: Paper = Paper()
    unusual: Unusual = Unusual()

    @classmethod
    def load(cls, root: Path) -> "Settings":
        """Read the settings of a data root.

        Raises:
            InputRefused: there is no such file, or it does not fit the model (all faults at once, with their lines).
        """
        return cls.read(root / FILE_NAME)

    @classmethod
    def read(cls, path: Path) -> "Settings":
        """Read the settings in a file.

        Raises:
            InputRefused: as for :meth:`load`.
        """
        return document.load(disk.read_bytes(path).decode(), source=path, model=cls)

    def tree(self) -> dict[str, Any]:
        """Return the settings as plain dictionaries, named as in the file: what a step program gets."""
        return self.model_dump(by_alias=True)
