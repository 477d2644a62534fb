"""s270 verify (検証): every image read again as a stranger would, and its totals held against the plan."""

from chosho.errors import ChoshoError, StopLine
from chosho.media.names import password_id, volume_of
from chosho.media.verify import failure_report, verify_image
from chosho.media.volplan import read_plan
from chosho.statement.check import new_check
from chosho.step import Step


def run(step: Step) -> None:
    """Verify the images; ``read`` counts statements on the discs, ``amount`` their yen over all amount items."""
    planned = read_plan(step.reader("PLAN").blocks())
    images = step.parts("IMAGE")
    reports = step.writer("VERIFY")
    volumes = [volume_of(part.label) for part in images]
    step.count("read", 0)
    step.count("amount", 0)
    if volumes != sorted({file.volume for file in planned}):
        raise StopLine(
            "CHSM029S", found=len(volumes), planned=max((file.volumes for file in planned), default=0)
        )
    if not planned:
        step.message("CHSM006I")
    for number, image in zip(volumes, images, strict=True):
        wanted = [file for file in planned if file.volume == number]
        with reports.part(image.label) as sink:
            try:
                report = verify_image(
                    image.path, step.password(password_id(step.run_id, number)), new_check, wanted
                )
                if report.image_sha256 != image.sha256:
                    raise StopLine("CHSM043S", volume=image.label)
            except ChoshoError as error:
                sink.write(failure_report(image.label, error))
                raise
            sink.write(report.to_json())
        step.count("read", report.records)
        step.count("amount", report.yen)
        for fault in report.faults:
            step.contradiction(fault.id, **fault.fields)
        step.progress(number, len(volumes))
