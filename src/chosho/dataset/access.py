"""Access to a generation (世代の読出し): its parts with their file keys, for a step or for a command.

Whoever asks here has checked the right and journalled the access before: with what this module gives out the content can be
read (DESIGN §5, Rights).
"""

from pathlib import Path

from chosho.control.files import Generation
from chosho.control.store import ControlStore
from chosho.dataset.part import PartSource
from chosho.errors import StopLine
from chosho.vault.keys import KeyStore
from chosho.vault.sealed import open_header, read_header


def sources(
    root: Path, store: ControlStore, keys: KeyStore, generation: Generation
) -> tuple[PartSource, ...]:
    """Return the parts of a visible generation in order, each with its file key where it is sealed.

    Raises:
        StopLine: the parts on record are not the generation's (CHSD131S), a part's file is missing or not as long as it was
            (CHSD130S), or its key is missing or destroyed.
    """
    cohort_key = None if generation.cohort is None else keys.cohort_key(generation.cohort)
    found = []
    parts = store.generations.parts(generation.id)
    # A row that is gone, twice there or exchanged would be less or other data, read without a word.
    if (
        [part.ordinal for part in parts] != list(range(len(parts)))
        or sum(part.records for part in parts) != generation.records
        or sum(part.plain_bytes for part in parts) != generation.plain_bytes
    ):
        raise StopLine("CHSD131S", dsn=f"{generation.dsn}.{generation.name}", expected=generation.records)
    for part in parts:
        path = root / part.path
        if not path.is_file() or path.stat().st_size != part.stored_bytes:
            raise StopLine("CHSD130S", dsn=f"{generation.dsn}.{generation.name}", part=part.label, path=path)
        file_key = None
        if cohort_key is not None:
            file_key = open_header(read_header(path).raw, cohort_key, file_id=part.id)
        found.append(
            PartSource(
                path=path,
                label=part.label,
                records=part.records,
                plain_bytes=part.plain_bytes,
                stored_bytes=part.stored_bytes,
                file_key=file_key,
                sha256=part.sha256,
            )
        )
    return tuple(found)
