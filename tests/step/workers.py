"""What a worker process of a test's step does."""

from chosho.dataset.part_file import NewPart


def write(target, label):
    """Write one record into a part."""
    part = NewPart(target, label, lrecl=48)
    part.write(memoryview(bytes(48)))
    return part.finish()
