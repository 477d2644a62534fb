"""Bytes at an address, for compiled loops.

A kernel passes addresses to its parts, not arrays: numba counts references to every array handed from function to function, which
here took as long as the work. An address is the ``ctypes.data`` of an array that the kernel's caller keeps alive. Loads and stores
are unaligned and little-endian; nothing checks bounds, so every length must have been checked by the plan.

The meaning of these four never changes: numba's cache would not notice (it watches the file of the compiled loop only).
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_SIGNATURES = {8: types.int64, 16: types.int64, 64: types.uint64}


def _loader(bits: int) -> Any:  # noqa: ANN401 - numba's intrinsics are untyped
    def load(typing: Any, address: Any) -> Any:  # noqa: ANN401, ARG001 - the shape that numba asks for
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
            place = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            value = builder.load(place)
            value.align = 1
            return value if bits == 64 else builder.zext(value, ir.IntType(64))  # noqa: PLR2004 - already whole

        return _SIGNATURES[bits](types.int64), generate

    return intrinsic(load)


def _storer(bits: int) -> Any:  # noqa: ANN401 - as above
    def store(typing: Any, address: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
            place = builder.inttoptr(arguments[0], ir.IntType(bits).as_pointer())
            whole = arguments[1] if bits == 64 else builder.trunc(arguments[1], ir.IntType(bits))  # noqa: PLR2004
            done = builder.store(whole, place)
            done.align = 1
            return context.get_dummy_value()

        return types.void(types.int64, _SIGNATURES[bits]), generate

    return intrinsic(store)


load8 = _loader(8)
"""``load8(address) -> int64``: one byte, 0 to 255."""
load16 = _loader(16)
"""``load16(address) -> int64``: two bytes, the first one low."""
load64 = _loader(64)
"""``load64(address) -> uint64``: eight bytes, the first one lowest."""
store8 = _storer(8)
"""``store8(address, value)``: the low byte of an int64."""
store16 = _storer(16)
"""``store16(address, value)``: the low two bytes of an int64, the lower one first."""
store64 = _storer(64)
"""``store64(address, value)``: a uint64, its lowest byte first."""
