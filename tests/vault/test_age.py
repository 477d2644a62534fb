"""age files: the format's own test vectors, Debian's age both ways, exact sizes, damage."""

import collections
import hashlib
import os
import pty
import subprocess
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault.age import CHUNK_BYTES, Decryptor, Encryptor, encrypted_size, header_size
from chosho.vault.x25519 import new_identity
from tests.shared import SHARED, needs_shared
from tests.tools import tool

VECTORS = SHARED / "age_testkit" / "testdata"
FAILURES = {
    "CHSK040S": "header failure",
    "CHSK044E": "header failure",
    "CHSK041E": "no match",
    "CHSK042S": "HMAC failure",
    "CHSK043S": "payload failure",
}


def source(data: bytes):
    """A full-read function over bytes."""
    rest = memoryview(data)

    def read_into(buffer: memoryview) -> int:
        nonlocal rest
        took = min(len(buffer), len(rest))
        buffer[:took] = rest[:took]
        rest = rest[took:]
        return took

    return read_into


def encrypt(plain: bytes, *, cut: int = 1 << 20, **recipient) -> bytes:
    out = bytearray()
    encryptor = Encryptor(out.extend, **recipient)
    for start in range(0, len(plain), cut):
        encryptor.write(plain[start : start + cut])
    assert encryptor.finish() == len(out)
    return bytes(out)


def decrypt(data: bytes, **secret) -> bytes:
    return b"".join(bytes(piece) for piece in Decryptor(source(data), **secret))


class Vector:
    def __init__(self, path: Path) -> None:
        head, _, body = path.read_bytes().partition(b"\n\n")
        self.fields = collections.defaultdict(list)
        for line in head.decode().splitlines():
            name, _, value = line.partition(": ")
            self.fields[name].append(value)
        self.body = zlib.decompress(body) if self.fields["compressed"] == ["zlib"] else body

    @property
    def in_scope(self) -> bool:
        hybrid = any("PQ" in identity.upper()[:24] for identity in self.fields["identity"])
        return not self.fields["armored"] and not hybrid and b"mlkem768x25519" not in self.body[:4000]

    def outcome(self) -> str:
        secret = {"identities": self.fields["identity"]}
        if self.fields["passphrase"]:
            secret["passphrase"] = self.fields["passphrase"][0]
        digest = hashlib.sha256()
        result = "success"
        try:
            for piece in Decryptor(source(self.body), **secret):
                digest.update(piece)
        except ChoshoError as error:
            result = FAILURES[error.message_id]
        if self.fields["payload"] and digest.hexdigest() != self.fields["payload"][0]:
            return f"{result}, but another payload"
        return result


@needs_shared
def test_every_vector_in_scope_ends_as_it_must() -> None:
    vectors = {path.name: Vector(path) for path in sorted(VECTORS.iterdir())}
    in_scope = {name: vector for name, vector in vectors.items() if vector.in_scope}
    expected = {name: vector.fields["expect"][0] for name, vector in in_scope.items()}
    assert expected == {name: vector.outcome() for name, vector in in_scope.items()}
    left_out = sorted(set(vectors) - set(in_scope))
    assert (len(in_scope), len(left_out)) == (92, 51)
    assert sum(name.startswith("armor") for name in left_out) == 33
    assert sum(name.startswith("hybrid") for name in left_out) == 18


def on_a_terminal(arguments: list[str], answers: list[str]) -> int:
    """Run a program that asks on its terminal; answer each question; return its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(arguments[0], arguments)  # noqa: S606 - the child of pty.fork becomes the program
    for answer in answers:
        shown = b""
        while not shown.rstrip().endswith(b":"):
            shown += os.read(terminal, 1024)
        os.write(terminal, answer.encode() + b"\n")
    try:
        while os.read(terminal, 1024):
            pass
    except OSError:
        pass  # the terminal is closed with the program
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_debian_age_opens_ours_with_work_factor_18_and_we_open_its(tmp_path: Path) -> None:
    age = tool("age")
    plain = os.urandom(3 * CHUNK_BYTES + 17)
    ours, opened, theirs = tmp_path / "ours.age", tmp_path / "opened", tmp_path / "theirs.age"
    ours.write_bytes(encrypt(plain, passphrase="correct horse"))
    code = on_a_terminal([age, "-d", "-o", str(opened), str(ours)], ["correct horse"])
    assert (code, opened.read_bytes()) == (0, plain)
    code = on_a_terminal([age, "-p", "-o", str(theirs), str(opened)], ["its own words", "its own words"])
    assert code == 0
    assert decrypt(theirs.read_bytes(), passphrase="its own words") == plain


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES])
def test_debian_age_and_we_open_one_anothers_recipient_files(tmp_path: Path, size: int) -> None:
    age = tool("age")
    identity, recipient = new_identity()
    plain = os.urandom(size)
    (tmp_path / "identity").write_text(identity + "\n")
    ours = encrypt(plain, recipients=[recipient, new_identity()[1]])
    opened = subprocess.run(
        [age, "-d", "-i", tmp_path / "identity"], input=ours, capture_output=True, check=True
    )
    assert opened.stdout == plain
    theirs = subprocess.run([age, "-r", recipient], input=plain, capture_output=True, check=True)
    assert decrypt(theirs.stdout, identities=[identity]) == plain


def test_debian_agrees_on_the_recipient_of_an_identity(tmp_path: Path) -> None:
    identity, recipient = new_identity()
    (tmp_path / "identity").write_text(identity + "\n")
    shown = subprocess.run(
        [tool("age-keygen"), "-y", tmp_path / "identity"], capture_output=True, check=True, text=True
    )
    assert shown.stdout.strip() == recipient


@settings(max_examples=25, deadline=None)
@given(
    size=st.integers(0, 3 * CHUNK_BYTES),
    cut=st.integers(1000, 3 * CHUNK_BYTES),
    room=st.integers(1000, 200_000),
)
def test_any_size_in_any_pieces_comes_back_and_has_the_size_that_was_foretold(
    size: int, cut: int, room: int
) -> None:
    identity, recipient = new_identity()
    plain = os.urandom(size)
    data = encrypt(plain, cut=cut, recipients=[recipient])
    assert len(data) == encrypted_size(size, recipients=1)
    decryptor = Decryptor(source(data), identities=[identity])
    out, buffer = bytearray(), memoryview(bytearray(room))
    while got := decryptor.read_into(buffer):
        out += buffer[:got]
    assert bytes(out) == plain


@pytest.mark.parametrize("work_factor", [1, 9, 10])
def test_the_size_of_a_passphrase_file_is_exact(work_factor: int) -> None:
    data = encrypt(b"x" * 70_000, passphrase="p", work_factor=work_factor)
    assert len(data) == encrypted_size(70_000, work_factor=work_factor)
    assert data[: header_size(work_factor=work_factor)].endswith(b"\n")
    assert data[: header_size(work_factor=work_factor)].count(b"\n---") == 1


@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(place: int, bit: int) -> None:
    identity, recipient = new_identity()
    data = bytearray(encrypt(b"n" * (CHUNK_BYTES + 100), recipients=[recipient]))
    data[place % len(data)] ^= 1 << bit
    with pytest.raises(ChoshoError):
        decrypt(bytes(data), identities=[identity])


@settings(max_examples=40, deadline=None)
@given(keep=st.integers(0, 10**9))
def test_any_cut_is_found(keep: int) -> None:
    identity, recipient = new_identity()
    data = encrypt(b"n" * (2 * CHUNK_BYTES), recipients=[recipient])
    with pytest.raises(StopLine):
        decrypt(data[: keep % len(data)], identities=[identity])


def test_a_wrong_passphrase_is_refused_in_words_that_do_not_repeat_it() -> None:
    data = encrypt(b"content", passphrase="right", work_factor=10)
    with pytest.raises(InputRefused, match="CHSK041E") as raised:
        decrypt(data, passphrase="wrong")
    assert "wrong" not in str(raised.value)


@pytest.mark.parametrize("work_factor", [0, 23])
def test_a_work_factor_outside_the_range_is_refused(work_factor: int) -> None:
    with pytest.raises(InputRefused, match="CHSK044E"):
        encrypt(b"", passphrase="p", work_factor=work_factor)


@pytest.mark.parametrize("recipient", ["age1", "", "age1qqqq", "AGE-SECRET-KEY-1QQQ"])
def test_a_misspelt_recipient_is_refused(recipient: str) -> None:
    with pytest.raises(InputRefused, match="CHSK045E"):
        encrypt(b"", recipients=[recipient])


def test_a_recipient_with_one_wrong_letter_is_refused() -> None:
    _, recipient = new_identity()
    other = "q" if recipient[-1] != "q" else "p"
    with pytest.raises(InputRefused, match="CHSK045E"):
        encrypt(b"", recipients=[recipient[:-1] + other])


def test_a_header_without_end_is_refused_in_bounded_memory() -> None:
    def endless(buffer: memoryview) -> int:
        buffer[:] = b"a" * len(buffer)
        return len(buffer)

    with pytest.raises(StopLine, match="CHSK040S"):
        Decryptor(endless, passphrase="p")
