"""The rule table of the check (検査規則): ``check_rules.csv``, one line per rule.

The rules on rows come first, in the order of the check kernel's numbers, then those on several records and on files.

Severity E stops the job, W is listed. Sources: "A" is 法定資料を光ディスク及び磁気ディスクにより提出する場合の標準規格等 別紙
(最終改正 令和6年7月2日) with its section or item (項番); "E" is the sibling standard for 租税条約特例届出書, which says what A
leaves open; a source that says "inferred" is our reading, to be confirmed by the tax office.
"""

import csv
import importlib.resources
from dataclasses import dataclass

from chosho.codec import check_codes as codes


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule (規則): id of at most 8 characters, severity E or W, what is broken in Japanese and English, where it is written."""

    id: str
    severity: str
    ja: str
    en: str
    source: str


_FIRST_BEYOND = "DUPROW"
"""The first rule that is not on one row."""


def _read() -> dict[str, Rule]:
    text = (importlib.resources.files("chosho.statement") / "check_rules.csv").read_text(encoding="utf-8")
    rules = {row["id"]: Rule(**row) for row in csv.DictReader(text.splitlines())}
    if [*rules][codes.RULES : codes.RULES + 1] != [_FIRST_BEYOND]:
        raise ValueError("check_rules.csv and the check kernel know different rules")
    return rules


RULES = _read()
"""The rules by id, in the order of their numbers."""

IDS = tuple(RULES)
"""Rule ids by number: ``IDS[check_codes.R_NET]`` is "NET"."""

NUMBERS = {rule: number for number, rule in enumerate(IDS)}
"""Numbers by rule id."""
