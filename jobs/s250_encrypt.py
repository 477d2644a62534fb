"""s250 encrypt (暗号化): every planned file of every volume into age v1, one passphrase per volume."""

from itertools import groupby

from chosho.media.names import password_id
from chosho.media.transport import RowBytes, encrypt_file, work_factor
from chosho.media.volplan import read_plan
from chosho.step import Step

KINDS = ("310", "366", "323", "386")


def run(step: Step) -> None:
    """Encrypt the rows of all kinds as the plan cuts them; ``read`` counts statements, ``written`` files."""
    planned = read_plan(step.reader("PLAN").blocks())
    cost = work_factor(step.parameters["WORK_FACTOR"])
    rows = {kind: RowBytes(kind, step.reader(f"K{kind}").stream()) for kind in KINDS}
    age = step.writer("AGE")
    total = sum(file.plain_bytes for file in planned)
    done = 0
    step.count("read", 0)
    step.count("written", 0)
    if not planned:
        step.message("CHSM005W")
    for volume, files in groupby(planned, key=lambda file: file.volume):
        passphrase = step.password(password_id(step.run_id, volume), create=True)
        for file in files:
            with age.part(file.label) as sink:
                records = encrypt_file(
                    sink.write, rows[file.statement_code], file, passphrase=passphrase, work_factor=cost
                )
            step.count("read", records)
            step.count("written")
            done += file.plain_bytes
            step.progress(done, total)
    for kind in KINDS:
        rows[kind].finish()
