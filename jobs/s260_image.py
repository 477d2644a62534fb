"""s260 image (ISOイメージ): one image per volume, made from its encrypted files alone."""

from itertools import groupby

from chosho.errors import StopLine
from chosho.media.bag import Volume
from chosho.media.image import AgeFile, write_image
from chosho.media.names import password_id, split_label, volume_id
from chosho.media.profiles import profile
from chosho.media.volplan import read_plan
from chosho.step import Step


def run(step: Step) -> None:
    """Write the images; ``read`` counts encrypted files, ``written`` images."""
    medium = profile(step.parameters["MEDIUM"], step.parameters["MEDIUM_BYTES"])
    planned = read_plan(step.reader("PLAN").blocks())
    parts = step.parts("AGE")
    if sorted(part.label for part in parts) != sorted(file.label for file in planned):
        raise StopLine("CHSM036S", found=len(parts), planned=len(planned))
    images = step.writer("IMAGE")
    head, note = step.journal_note()
    step.set_count("read", len(parts))
    step.count("written", 0)
    if not planned:
        step.message("CHSM006I")
    for number, group in groupby(parts, key=lambda part: split_label(part.label)[0]):
        volume = Volume(
            id=volume_id(step.parameters["SUBMISSION"], step.business_date, step.run_id, number),
            number=number,
            count=planned[0].volumes,
            set_id=step.run_id,
            submission=step.parameters["SUBMISSION"],
            tax_year=step.parameters["TAX_YEAR"],
            business_date=step.business_date,
            organization=step.settings["obligor"]["name"],
            password_id=step.password_id(password_id(step.run_id, number)),
            journal_head=head,
            journal_note=note,
        )
        files = [
            AgeFile(
                name=split_label(part.label)[1], source=part.path, size=part.stored_bytes, sha256=part.sha256
            )
            for part in group
        ]
        with images.part(volume.id) as sink:
            write_image(sink.write, volume, files, medium)
        step.count("written")
        step.progress(number, volume.count)
