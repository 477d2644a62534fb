"""Master keys in files, locked with nothing, a passphrase or a credential; each wrong state has its own message."""

import getpass
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chosho.errors import ChoshoError, InputRefused, StopLine
from chosho.vault import master_lock
from chosho.vault.keys import KeyStore
from chosho.vault.master import FileMasterKeys, _check
from chosho.vault.master_lock import LockKind
from chosho.vault.wrap import stretch
from tests.vault.recoverable import recoverable

PASSPHRASE = "correct horse battery staple"


class Service:
    """What the service manager and the terminal give to the process."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self._patch = patch
        folder.mkdir()
        patch.setenv("CREDENTIALS_DIRECTORY", str(folder))
        patch.setattr(master_lock.PassphraseLock.new.__func__, "__defaults__", (4,))
        self.restart()

    def restart(self) -> None:
        """Forget what was made of a passphrase, as another process would."""
        self._patch.setattr(master_lock, "_made", {})

    def gives(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def types(self, *texts: str) -> None:
        waiting = list(texts)

        def typed(prompt: str) -> str:
            self.asked.append(prompt)
            return waiting.pop(0)

        self._patch.setattr(sys, "stdin", open(os.devnull, encoding="utf-8"))  # noqa: PTH123, SIM115
        self._patch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        self._patch.setattr(getpass, "getpass", typed)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Service:
    return Service(tmp_path / "credentials", monkeypatch)


def store(tmp_path: Path, kind: LockKind | None = None) -> KeyStore:
    return KeyStore(tmp_path / "keys", master=FileMasterKeys(tmp_path / "keys" / "master", kind))


def refused(keys: KeyStore) -> str:
    with pytest.raises(ChoshoError) as raised:
        keys.cohort_key("c1")
    return raised.value.message_id


def key_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "keys" / "master").glob("*.key")
    return path


def test_a_passphrase_locks_the_master_key_and_every_rotation_after_it(
    tmp_path: Path, service: Service
) -> None:
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    keys = store(tmp_path)
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert keys.rotate_master() == 2
    assert len(service.asked) == 2  # typed twice when it was made, and never again in this process
    service.restart()
    service.types(PASSPHRASE)
    assert store(tmp_path).cohort_key("c1") == key
    words = key_file(tmp_path).read_text().split()
    assert words[0] == "passphrase"
    assert FileMasterKeys(tmp_path / "keys" / "master").key(2).hex() not in words


def test_the_passphrase_is_the_scrypt_of_the_salt_in_the_file(tmp_path: Path, service: Service) -> None:
    """Opened by hand, from the description of the format."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    _, log_n, salt, wrapped, _ = key_file(tmp_path).read_text().split()
    kdf = Scrypt(salt=bytes.fromhex(salt), length=32, n=2 ** int(log_n), r=8, p=1)
    sealed = bytes.fromhex(wrapped)
    context = b"\x06\0\0\0master" + b"\x01\0\0\0" + b"1"
    key = AESGCM(kdf.derive(PASSPHRASE.encode())).decrypt(sealed[:12], sealed[12:], context)
    assert key == FileMasterKeys(tmp_path / "keys" / "master").key(1)
    assert stretch(PASSPHRASE, bytes.fromhex(salt), int(log_n)) != key


def test_wrong_missing_and_damaged_locks_are_told_apart(tmp_path: Path, service: Service) -> None:
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    keys = store(tmp_path)
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    service.restart()
    service.types("something else altogether", PASSPHRASE)
    assert refused(keys) == "CHSK068E"
    assert keys.cohort_key("c1") == key  # a mistyped passphrase is asked for again
    service.restart()
    service._patch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert refused(keys) == "CHSK066E"
    path = key_file(tmp_path)
    good = path.read_text()
    for bad in (
        good[:40],
        good.replace(good[20], "x", 1),
        good.split()[0] + " x",
        good.replace(" ", "  x", 1),
    ):
        path.write_text(bad)
        assert refused(keys) == "CHSK012S"


def test_a_rotation_with_a_mistyped_passphrase_changes_nothing(tmp_path: Path, service: Service) -> None:
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    service.restart()
    service.types("something else altogether")
    with pytest.raises(InputRefused, match="CHSK068E"):
        store(tmp_path).rotate_master()
    service.types(PASSPHRASE)
    assert store(tmp_path).status().master_versions == (1,)


@pytest.mark.parametrize("typed", [("short", "short"), (PASSPHRASE, PASSPHRASE + "x")])
def test_a_short_or_unequal_new_passphrase_is_not_taken(
    tmp_path: Path, service: Service, typed: tuple[str, str]
) -> None:
    service.types(*typed)
    with pytest.raises(InputRefused, match="CHSK067E"):
        store(tmp_path, LockKind.PASSPHRASE).init()
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()  # the interrupted set-up is completed


def test_a_service_takes_the_passphrase_from_its_credential(tmp_path: Path, service: Service) -> None:
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    key = store(tmp_path).new_cohort("c1", "CHOSHO.TEST")
    service.restart()
    service.types()
    service.gives("chosho-passphrase", PASSPHRASE.encode() + b"\n")
    assert store(tmp_path).cohort_key("c1") == key


def test_a_credential_locks_the_master_key(tmp_path: Path, service: Service) -> None:
    service.gives("chosho-master", bytes(range(32)))
    store(tmp_path, LockKind.CREDENTIAL).init()
    keys = store(tmp_path)
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    assert keys.rotate_master() == 2
    assert keys.cohort_key("c1") == key
    assert key_file(tmp_path).read_text().startswith("credential chosho-master ")
    service.gives("chosho-master", bytes(32))
    assert refused(keys) == "CHSK068E"
    service.gives("chosho-master", bytes(31))
    assert refused(keys) == "CHSK070E"
    (service.folder / "chosho-master").unlink()
    assert refused(keys) == "CHSK070E"
    service._patch.delenv("CREDENTIALS_DIRECTORY")
    assert refused(keys) == "CHSK070E"


def test_a_rotation_changes_the_lock(tmp_path: Path, service: Service) -> None:
    store(tmp_path).init()
    key = store(tmp_path).new_cohort("c1", "CHOSHO.TEST")
    service.gives("chosho-master", bytes(range(32)))
    for kind, words in (
        (LockKind.CREDENTIAL, 5),
        (LockKind.PASSPHRASE, 5),
        (LockKind.PASSPHRASE, 5),
        (LockKind.FILE, 2),
    ):
        service.types(PASSPHRASE, PASSPHRASE)
        store(tmp_path, kind).rotate_master()
        text = key_file(tmp_path).read_text()
        assert (text.startswith(f"{kind} "), len(text.split())) == (kind is not LockKind.FILE, words)
        assert store(tmp_path).cohort_key("c1") == key


def test_a_work_factor_beyond_the_machine_is_no_key_file(tmp_path: Path, service: Service) -> None:
    service.types(PASSPHRASE, PASSPHRASE)
    store(tmp_path, LockKind.PASSPHRASE).init()
    path = key_file(tmp_path)
    for log_n in ("40", "x", "-1"):
        words = ["passphrase", log_n, *path.read_text().split()[2:4]]
        path.write_text(" ".join([*words, _check(" ".join(words))]))
        with pytest.raises(StopLine, match="CHSK012S"):
            FileMasterKeys(path.parent).key(1)


def test_a_locked_key_does_not_open_under_another_versions_name(tmp_path: Path, service: Service) -> None:
    service.gives("chosho-master", bytes(range(32)))
    store(tmp_path, LockKind.CREDENTIAL).init()
    path = key_file(tmp_path)
    path.rename(path.with_name("000002.key"))
    with pytest.raises(InputRefused, match="CHSK068E"):
        FileMasterKeys(path.parent).key(2)
    with pytest.raises(StopLine, match="CHSK010S"):
        FileMasterKeys(path.parent).key(1)


class Module:
    """A source that keeps master keys where no file is, as a hardware module would: the five calls and nothing else."""

    def __init__(self) -> None:
        self.held: dict[int, bytes] = {}

    def prepare(self) -> None:
        pass

    def versions(self) -> tuple[int, ...]:
        return tuple(sorted(self.held))

    def key(self, version: int) -> bytes:
        return self.held[version]

    def put(self, version: int, key: bytes) -> None:
        assert version not in self.held
        self.held[version] = key

    def destroy(self, version: int) -> None:
        self.held.pop(version, None)


def test_a_module_that_keeps_the_master_keys_itself_fits_behind_the_five_calls(tmp_path: Path) -> None:
    module = Module()
    keys = KeyStore(tmp_path / "keys", master=module)
    keys.init()
    key = keys.new_cohort("c1", "CHOSHO.TEST")
    house = recoverable(keys, tmp_path)
    keys.back_up()
    keys.rotate_master()
    assert (keys.cohort_key("c1"), sorted(module.held)) == (key, [3])
    assert not (tmp_path / "keys" / "master").exists()
    spare = Module()
    new = KeyStore(tmp_path / "new", master=spare)
    new.recover(house.open(house.newest))
    assert (new.cohort_key("c1"), spare.held) == (key, module.held)


PROGRAM = """
import sys
import threading
from pathlib import Path
from chosho.vault.keys import KeyStore
from chosho.vault.master import FileMasterKeys, _check
from chosho.vault.master_lock import LockKind
folder = Path(sys.argv[1])
KeyStore(folder, master=FileMasterKeys(folder / "master", LockKind.PASSPHRASE)).init()
print(KeyStore(folder).status().master_version)
"""


def test_a_passphrase_is_typed_on_a_real_terminal_and_not_shown(tmp_path: Path) -> None:
    """The whole work factor, in a process of its own with a terminal of its own."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "keys")],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=follower,
        start_new_session=True,
    ) as program:
        os.close(follower)
        # A program that asks for something else is ended, which ends the reading too.
        watch = threading.Timer(60, program.kill)
        watch.start()
        shown = b""
        for prompt in (b"new passphrase of the master key: ", b"the same again: "):
            while prompt not in shown:
                shown += os.read(leader, 1024)
            os.write(leader, PASSPHRASE.encode() + b"\n")
        out, _ = program.communicate()
        watch.cancel()
    os.close(leader)
    assert (program.returncode, out.strip()) == (0, b"1")
    assert PASSPHRASE.encode() not in shown
    assert key_file(tmp_path).read_text().split()[1] == "18"
