"""A deck (ジョブ定義) and a procedure (PROC) as they are written in YAML: the models behind ``jcl/*.yaml``.

The words are those of JCL: job, step, PGM, PARM, DD, DSN, DISP, generation. ``COND`` is not kept, for its
test reads backwards; a step says ``when:`` it runs. The models only hold what was written; symbols and
procedures are filled in by :mod:`chosho.batch.expand`.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

import pydantic
from pydantic import ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

DSN = r"[A-Z][A-Z0-9-]*(?:\.[A-Z0-9][A-Z0-9-]*)*"
"""A dataset name without its generation."""

MemberName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
"""A member of ``jcl/``: deck or procedure, without its suffix."""

StepName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
"""A step of a deck."""

ProgramName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A member of ``jobs/``, without its suffix; never a dotted path."""

SymbolName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
"""A symbol, used as ``&NAME``."""

DdName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
"""The name under which a program opens a dataset."""


RuleName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
"""A rule of ``RETENTION.yaml``."""


class Mode(StrEnum):
    """How a step holds a dataset."""

    SHR = "SHR"
    OLD = "OLD"
    NEW = "NEW"


class Disposition(StrEnum):
    """What becomes of a dataset when its step ended normally (DISP).

    Abnormally, NEW is deleted and OLD is kept.
    """

    SHR = "SHR"
    OLD = "OLD"
    NEW_CATLG_DELETE = "NEW,CATLG,DELETE"
    OLD_DELETE = "OLD,DELETE"
    OLD_KEEP = "OLD,KEEP"

    @property
    def mode(self) -> Mode:
        """How the dataset is held while the step runs."""
        return Mode(self.value.split(",")[0])

    @property
    def deletes(self) -> bool:
        """Whether the normal end of the step erases the dataset."""
        return self is Disposition.OLD_DELETE


_DISPOSITIONS: dict[str, Any] = {
    item.value: item.value if "," not in item.value else item.value.split(",") for item in Disposition
}


def _disposition(value: object) -> Disposition:
    written = ",".join(map(str, value)) if isinstance(value, list) else value
    if written not in _DISPOSITIONS:
        raise ValueError("disp is SHR, OLD, [NEW, CATLG, DELETE], [OLD, DELETE] or [OLD, KEEP]")
    return Disposition(str(written))


class _Model(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Model):
    """A parameter of a deck or a procedure; without a default it must be given."""

    default: str | None = Field(default=None, description="value when none is given; may hold symbols")
    title: str = Field(default="", description="what it is, for people")


class Dd(_Model):
    """A DD: the dataset that a program sees under one name."""

    dsn: str = Field(
        pattern=rf"^{DSN}(\((0|[+-][1-9][0-9]{{0,3}})\))?$",
        description="dataset name, with a relative generation such as (0), (+1) or (-1)",
    )
    disp: Annotated[
        Disposition, PlainValidator(_disposition), WithJsonSchema({"enum": list(_DISPOSITIONS.values())})
    ] = Field(description="status and normal (and abnormal) disposition")
    keep: Literal["always"] | None = Field(
        default=None, description="always: what was written stays also when the step fails"
    )
    optional: bool = Field(default=False, description="the step also runs when the generation does not exist")


class Step(_Model):
    """A step: one program on its DDs."""

    step: StepName
    pgm: ProgramName
    title: str = ""
    parm: dict[SymbolName, str] = Field(
        default_factory=dict, description="what the program is told; may hold symbols"
    )
    when: str | None = Field(
        default=None, description="condition over earlier steps, as S270.rc == 0 and not S280.abend"
    )
    fail_at: Literal[4, 8, 12, 16] | None = Field(
        default=None,
        description="as the deck's, for this step; a balance that does not hold fails it all the same",
    )
    rules: list[RuleName] = Field(
        default_factory=list,
        description="rules of RETENTION.yaml that the step applies; it holds their datasets alone",
    )
    dd: dict[DdName, Dd] = Field(default_factory=dict)
    balance: list[str] = Field(
        default_factory=list, description="what the counts must satisfy at the end of the step"
    )


class Include(_Model):
    """The steps of a procedure, with its parameters."""

    include: MemberName
    with_: dict[SymbolName, str] = Field(default_factory=dict, alias="with")


def _kind(value: object) -> str:
    if isinstance(value, dict):
        return "(include)" if "include" in value else "(step)"
    return "(include)" if isinstance(value, Include) else "(step)"


Item = Annotated[
    Annotated[Step, Tag("(step)")] | Annotated[Include, Tag("(include)")],
    Discriminator(_kind),
]
"""An entry of a deck's steps."""


class Deck(_Model):
    """A deck: the steps of one job, in their order."""

    job: MemberName
    title: str = ""
    parameters: dict[SymbolName, Parameter] = Field(default_factory=dict)
    fail_at: Literal[4, 8, 12, 16] = Field(
        default=8, description="a step whose code is this or higher takes the abnormal disposition"
    )
    steps: list[Item] = Field(min_length=1)


class Procedure(_Model):
    """A procedure (PROC): steps that several decks include."""

    proc: MemberName
    title: str = ""
    parameters: dict[SymbolName, Parameter] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)
