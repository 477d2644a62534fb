"""Cohorts in use (使用中の世代鍵): those whose keys must live."""

from collections.abc import Collection

from chosho.control.generations import Generations


def in_use(generations: Generations, *, given_up: Collection[str] = ()) -> dict[str, str]:
    """Return the cohorts of visible generations and of files that steps may be writing, each with its dataset.

    Args:
        generations: the generation table.
        given_up: ids of files with an INTENT that no living step can use.
    """
    used = {one.cohort: one.dsn for dsn in generations.datasets() for one in generations.catalogued(dsn)}
    used |= {one.cohort: one.dsn for one in generations.pending_intents() if one.file_id not in given_up}
    return {cohort: dsn for cohort, dsn in used.items() if cohort is not None}
