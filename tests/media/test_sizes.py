"""Size arithmetic against the makers: pycdlib and the vault's age."""

import io

import numpy as np
import pycdlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.media import bag, names, sizes
from chosho.vault import age


@pytest.mark.parametrize("plain", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
def test_the_size_of_an_encrypted_file_is_that_of_the_file(plain: int) -> None:
    out = io.BytesIO()
    encryptor = age.Encryptor(out.write, passphrase="x", work_factor=10)
    encryptor.write(bytes(plain))
    encryptor.finish()
    assert int(sizes.age_bytes(plain)) == len(out.getvalue())


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=5))
def test_sizes_of_many_files_are_the_vaults(plain: list[int]) -> None:
    expected = [age.encrypted_size(one, work_factor=18) for one in plain]
    assert sizes.age_bytes(np.array(plain, dtype=np.int64)).tolist() == expected


@settings(max_examples=60, deadline=None)
@given(
    kinds=st.lists(
        st.tuples(st.sampled_from(["310", "366", "323", "386"]), st.integers(1, 99)), unique=True, max_size=90
    ),
    seed=st.integers(0, 2**32),
)
def test_an_image_has_the_sectors_that_pycdlib_gives_it(kinds: list[tuple[str, int]], seed: int) -> None:
    random = np.random.default_rng(seed)
    payload = [f"data/{names.nta_file(*kind)}.age" for kind in kinds]
    files = [(path, int(random.integers(1, 50_000))) for path in payload]
    files += bag.tag_sizes(payload)
    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=2, joliet=3, vol_ident="X")
    iso.add_directory("/DATA", joliet_path="/data")
    for path, size in files:
        iso.add_fp(io.BytesIO(), size, names.iso_path(path), joliet_path=f"/{path}")
    iso.force_consistency()
    assert sizes.image_sectors(files) == iso.pvd.space_size
