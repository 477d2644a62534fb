"""The check kernel's cache: it is made anew when a part of the kernel in another file changes."""

import zlib
from pathlib import Path

from chosho.codec import check_kernel


def test_the_kernel_names_the_parts_that_it_was_made_of():
    folder = Path(check_kernel.__file__).parent
    parts = b"".join(
        (folder / name).read_bytes() for name in ("check_codes.py", "mark_kernel.py", "number_kernel.py")
    )
    assert check_kernel.PARTS == zlib.crc32(parts), f"write 0x{zlib.crc32(parts):08X} into check_kernel.py"
