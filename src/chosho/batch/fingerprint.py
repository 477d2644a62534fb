"""The fingerprint (指紋) of a run: digests of everything that a restart must find as it was.

Deck and procedures as written, each step program, each copybook of a dataset that the deck names, and the
version of chosho. It is kept as one text, ``name=digest;name=digest``, so that a refusal can say what
changed.
"""

import hashlib
import importlib.metadata
import importlib.resources

from chosho.batch.desk import copybook_member
from chosho.batch.expand import Job
from chosho.batch.members import Libraries
from chosho.dataset.catalog import Catalog

_DIGITS = 16


def fingerprint(job: Job, libraries: Libraries, catalog: Catalog) -> str:
    """Return the fingerprint of a job that passed its scan."""
    texts = {f"jcl {member.name}": member.text for member in job.members}
    for step in job.steps:
        program = libraries.program(step.pgm)
        texts[f"pgm {step.pgm}"] = "" if program is None else program.text
        for dd in step.dds:
            copybook = copybook_member(catalog[dd.dsn], job.business_date)
            if copybook is not None:
                path = importlib.resources.files("chosho.copybooks") / f"{copybook}.cpy"
                texts[f"copybook {copybook}"] = path.read_text(encoding="utf-8")
    digests = {name: hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] for name, text in texts.items()}
    digests["chosho"] = importlib.metadata.version("chosho")
    return ";".join(f"{name}={digest}" for name, digest in sorted(digests.items()))


def differences(before: str, now: str) -> list[str]:
    """Return the names of what differs between two fingerprints."""
    old, new = (dict(item.split("=", 1) for item in text.split(";") if item) for text in (before, now))
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
