"""s280 register (媒体管理簿と送付状): an entry in the media register and a transmittal for every volume."""

from chosho.errors import StopLine
from chosho.media.profiles import profile
from chosho.media.verify import read_report
from chosho.report.transmittal import Transmittal, content_text, transmittal
from chosho.step import Step


def run(step: Step) -> None:
    """Enter every verified volume; ``written`` counts the entries."""
    images = [part.label for part in step.parts("IMAGE")]
    reports = [read_report(part.path) for part in step.parts("VERIFY")]
    step.writer("PAPERS")
    transport = step.settings["transport"]
    medium = profile(step.parameters["MEDIUM"]).title
    step.count("written", 0)
    if [report.volume_id for report in reports] != images:
        raise StopLine("CHSM029S", found=len(reports), planned=len(images))
    if not reports:
        step.message("CHSM006I")
    for report in reports:
        sheet = Transmittal(
            volume=report,
            made_on=step.business_date,
            tax_year=step.parameters["TAX_YEAR"],
            medium=medium,
            organization=step.settings["obligor"]["name"],
            transport=transport,
        )
        step.register(
            dd="IMAGE",
            label=report.volume_id,
            id=report.volume_id,
            data_content=content_text(sheet, step.parameters["SUBMISSION"]),
            purpose=transport["purpose"],
            made_on=step.business_date,
            moved_on=step.business_date,
            moved_to=transport["to"],
            person_in_charge=transport["person_in_charge"],
            kept_for=transport["kept_for"],
            volume=report.number,
            volumes=report.count,
            image_sha256=report.image_sha256,
            password_id=report.password_id,
            medium=step.parameters["MEDIUM"],
            records=sheet.records,
        )
        step.write_file("PAPERS", report.volume_id, transmittal(sheet).encode())
        step.count("written")
