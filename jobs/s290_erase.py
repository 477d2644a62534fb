"""s290 erase (支払データの消去): the payment data have served; the disposition of both DDs destroys their keys and files."""

from chosho.errors import InputRefused
from chosho.step import Step


def run(step: Step) -> None:
    """Count what is erased, without reading it: ``erased`` counts records of the payment data and of the match."""
    for dd in ("PAYDATA", "MATCH"):
        if not step.present(dd):
            raise InputRefused("CHSM037E", dd=dd)
    for dd in ("PAYDATA", "MATCH"):
        step.count("erased", sum(part.records for part in step.parts(dd)))
