"""Signatures in OpenSSH's format: ssh-keygen checks ours, and we refuse what is not ours."""

import base64
import subprocess
from pathlib import Path

import pytest

from chosho.vault.signature import BEGIN, END, Signer, Use
from tests.tools import tool

TEXT = "chosho 先頭値\n".encode()
SIGNER = Signer(b"k" * 32)
HEAD, BACKUP = Use.JOURNAL_HEAD, Use.BACKUP


def by_ssh_keygen(folder: Path, text: bytes, signature: str, namespace: str) -> bool:
    program = tool("ssh-keygen")
    (folder / "signers").write_text(SIGNER.allowed_signers())
    (folder / "sig").write_text(signature)
    command = [
        program,
        "-Y",
        "verify",
        "-f",
        folder / "signers",
        "-I",
        "chosho",
        "-n",
        namespace,
        "-s",
        folder / "sig",
    ]
    return subprocess.run(command, input=text, capture_output=True, check=False).returncode == 0


def test_ssh_keygen_verifies_ours_and_agrees_on_what_is_wrong(tmp_path: Path) -> None:
    signature = SIGNER.sign(TEXT, HEAD)
    for text, namespace, good in (
        (TEXT, HEAD, True),
        (TEXT + b" ", HEAD, False),
        (TEXT, BACKUP, False),
    ):
        assert by_ssh_keygen(tmp_path, text, signature, namespace) is good
        assert SIGNER.signed(text, signature, namespace) is good


def test_the_public_key_is_allowed_for_the_named_uses_only(tmp_path: Path) -> None:
    program = tool("ssh-keygen")
    (tmp_path / "signers").write_text(SIGNER.allowed_signers())
    blob = SIGNER.sign(TEXT, "file")  # what git and others sign under
    (tmp_path / "sig").write_text(blob)
    command = [program, "-Y", "verify", "-f", tmp_path / "signers", "-I", "chosho", "-n", "file"]
    found = subprocess.run([*command, "-s", tmp_path / "sig"], input=TEXT, capture_output=True, check=False)
    assert b"not permitted" in found.stderr


def test_a_signature_of_ssh_keygen_under_another_key_is_not_ours(tmp_path: Path) -> None:
    program = tool("ssh-keygen")
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    signed = subprocess.run(
        [program, "-Y", "sign", "-q", "-f", tmp_path / "key", "-n", HEAD],
        input=TEXT,
        capture_output=True,
        check=True,
    )
    assert BEGIN in signed.stdout.decode()
    assert not SIGNER.signed(TEXT, signed.stdout.decode(), HEAD)


def test_the_same_text_has_the_same_signature_and_another_key_another() -> None:
    assert SIGNER.sign(TEXT, HEAD) == Signer(b"k" * 32).sign(TEXT, HEAD)
    assert not Signer(b"j" * 32).signed(TEXT, SIGNER.sign(TEXT, HEAD), HEAD)


def test_any_flipped_bit_of_a_signature_is_found() -> None:
    lines = SIGNER.sign(TEXT, HEAD).splitlines()
    blob = bytearray(base64.b64decode("".join(lines[1:-1])))
    for place in range(len(blob)):
        blob[place] ^= 1
        changed = "\n".join([BEGIN, base64.b64encode(blob).decode(), END, ""])
        assert not SIGNER.signed(TEXT, changed, HEAD)
        blob[place] ^= 1


@pytest.mark.parametrize(
    "text", ["", "x", f"{BEGIN}\n{END}\n", f"{BEGIN}\nAAA\n{END}\n", f"{BEGIN}\nU1NIU0lH\n{END}\n"]
)
def test_what_is_no_signature_is_not_ours(text: str) -> None:
    assert not SIGNER.signed(TEXT, text, HEAD)
