"""The package as a whole: light to import, warm in one call, kernels that mean what the plan says."""

import subprocess
import sys

from chosho import codec
from chosho.codec import encode_kernel, plan, transcode_kernel
from chosho.codec.fault import Reason

MODULES = ("batch", "codepages", "decode", "encode", "fault", "keys", "plan", "text", "transcoder")


def run(script: str) -> str:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout


def test_no_module_loads_numba_before_a_kernel_is_called():
    imports = ";".join(f"import chosho.codec.{name}" for name in MODULES)
    assert "False" == run(f"import sys; {imports}; print('numba' in sys.modules)").strip()


def test_the_package_itself_loads_nothing_heavy():
    assert (
        "[]"
        == run(
            "import sys, chosho.codec; print([m for m in ('numpy', 'pyarrow', 'numba') if m in sys.modules])"
        ).strip()
    )


def test_warm_loads_every_kernel():
    codec.warm()
    for kernel in ("keys_kernel", "transcode_kernel", "encode_kernel"):
        assert f"chosho.codec.{kernel}" in sys.modules


def test_warm_loads_only_the_kernels_that_are_named():
    loaded = run(
        "import sys; from chosho import codec; codec.warm('pair'); print([m for m in sys.modules if m.endswith('_kernel')])"
    )
    assert "['chosho.codec.pair_kernel']" == loaded.strip()


def test_the_kernels_numbers_are_those_of_the_reasons_and_of_the_plan():
    for reason in Reason:
        assert reason.code == reason.name
        assert reason == getattr(encode_kernel, reason.name)
        assert reason is Reason.MISS or reason == getattr(transcode_kernel, reason.name)
    kinds = ("HOST_TEXT", "CP932_TEXT", "NATIONAL", "ZONED", "PACKED", "BINARY")
    for name in (*kinds, "SIGNED", "LEADING", "SEPARATE", "NATIVE"):
        assert getattr(plan, name) == getattr(transcode_kernel, name) == getattr(encode_kernel, name)
    for name in ("DIGITS", "TO_TEXT", "IS_FILL", "IS_CONTROL", "IS_SO", "IS_SI", "IS_LEAD"):
        assert getattr(plan, name) == getattr(transcode_kernel, name)
