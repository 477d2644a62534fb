"""SUPPLEMENT is the chain of STATEMENTS with the difference between its build and its check."""

from dataclasses import replace
from datetime import date

from chosho.batch.expand import JobStep, expand
from chosho.batch.members import Libraries
from chosho.batch.scan import scan
from chosho.dataset.catalog import Catalog
from tests.step.stage import REPOSITORY

DAY = date(2027, 3, 10)


def steps(deck: str, **parameters: str) -> dict[str, JobStep]:
    job, faults = expand(deck, Libraries(), DAY, parameters)
    catalog = Catalog.load(REPOSITORY / "datasets")
    assert faults == scan(job, Libraries(), lambda dsn: catalog[dsn]) == []
    return {step.name: step for step in job.steps}


def told(step: JobStep) -> JobStep:
    """Return a step without where it is written, its balances and the name of the submission."""
    parm = {key: value for key, value in step.parm.items() if key != "SUBMISSION"}
    dds = tuple(replace(dd, line=0) for dd in step.dds)
    when = None if step.when is None else step.when.text
    return replace(step, line=0, source="", place=len, balances=(), when=when, parm=parm, dds=dds)


def balances(step: JobStep) -> list[str]:
    return [one.text.replace("S235", "S230") for one in step.balances]


def test_all_but_the_build_and_the_difference_are_the_steps_of_statements() -> None:
    yearly, supplement = steps("JANUARY"), steps("SUPPLEMENT")
    assert list(supplement) == [*list(yearly)[:3], "S235", *list(yearly)[3:]]
    for name in yearly:
        ours, theirs = supplement[name], yearly[name]
        assert balances(ours) == balances(theirs)
        if name in {"S230", "S236"}:
            assert [dd.name for dd in ours.dds if dd.name != "SENT"] == [dd.name for dd in theirs.dds]
            assert ours.parm == theirs.parm
        else:
            assert told(ours) == told(theirs)


def test_what_is_compared_is_erased_when_its_texts_are_listed() -> None:
    found = steps("SUPPLEMENT")
    fresh = {dd.dsn for dd in found["S230"].dds if dd.dsn.startswith("CHOSHO.FRESH.")}
    deleting = [dd.dsn for name in ("S235", "S236") for dd in found[name].dds if dd.disposition.deletes]
    assert sorted(fresh) == sorted(deleting)


def test_a_submission_is_named() -> None:
    assert steps("SUBMITTED", RUN="JANUARY.20270112.01")["S300"].parm == {"RUN": "JANUARY.20270112.01"}
