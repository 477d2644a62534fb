"""``chosho disc``: originals, duplicates by permission, papers; with a data root and without."""

import csv
import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest

from chosho.cli import disc_papers
from chosho.control.store import ControlStore
from chosho.media.disc import Disc
from chosho.vault.keys import KeyStore
from tests import nta_files
from tests.cli.conftest import REPOSITORY, Answer, Chosho
from tests.tools import tool

SETTINGS = REPOSITORY / "datasets" / "SETTINGS.yaml"
SET = "S20270129_11"
ISO = f"{SET}V01.iso"
FILES = {
    "310dat01.txt": nta_files.lump_sums(20),
    "310dat02.txt": nta_files.lump_sums(7, 20),
    "366dat01.txt": nta_files.annuities(13),
    "323dat01.txt": nta_files.deaths(9),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return nta_files.write(tmp_path / "in", FILES)


class Department:
    """The department's own PC: files, an out folder, no data root."""

    def __init__(self, chosho: Chosho, tmp_path: Path, folder: Path) -> None:
        self._chosho = chosho
        self.folder, self.out = folder, tmp_path / "out"
        self.passphrase = tmp_path / "passphrase"
        self.place: tuple[object, ...] = ()

    def make(self, *words: object, out: Path | None = None, kind: str = "新規") -> Answer:
        words = ("--work-factor", 10, "--kind-of-submission", kind, *words)
        fixed = ("--medium", "CD-700", "--submitted-on", "2027-01-29")
        where = out or self.out
        return self(*("make", self.folder, "--out", where, *fixed, *words))

    def alone(self, *words: object, kind: str = "新規", out: Path | None = None) -> Answer:
        """Make without a data root."""
        words = ("--settings", SETTINGS, *words)
        if "plain" not in words and "external" not in words:
            words += ("--passphrase-file", self.passphrase)
        return self.make(*words, kind=kind, out=out)

    def __call__(self, *words: object) -> Answer:
        return self._chosho(*self.place, "disc", *words)

    @property
    def image(self) -> Path:
        return self.out / ISO


class House(Department):
    """A data root with keys and a person in front of it."""

    def __init__(self, chosho: Chosho, tmp_path: Path, folder: Path, environment: pytest.MonkeyPatch) -> None:
        super().__init__(chosho, tmp_path, folder)
        self.root, self.keys = tmp_path / "root", tmp_path / "keys"
        self.place = ("--root", self.root, "--keys", self.keys)
        self._environment = environment
        self.be("maker")
        assert chosho(*self.place, "keys", "init").code == 0
        assert chosho(*self.place, "init", "--definitions", REPOSITORY / "datasets").code == 0

    def be(self, person: str) -> None:
        self._environment.setenv("CHOSHO_PERSON", person)

    def store(self) -> ControlStore:
        return ControlStore.open(self.root, KeyStore(self.keys, data_root=self.root))

    def rows(self) -> list[tuple[str, str, dict[str, object]]]:
        with self.store() as store:
            return [(row.kind, row.who, row.fields) for row in store.journal.rows()]

    def permitted(self, *, approver: str = "manager", image: Path | None = None) -> str:
        asked = self("request", image or self.image, "--person", "maker", "--reason", "提出用の副本")
        assert asked.code == 0, asked.err
        permission = asked.out.strip()
        self.be(approver)
        answer = self("approve", permission, image or self.image, "--reason", "提出に要る")
        assert answer.code == 0, answer.err
        self.be("maker")
        return permission

    def duplicate(self, permission: str, **words: str) -> Answer:
        given = {"permission": permission, "person": "maker", "witness": "witness"} | words
        image = given.pop("image", str(self.image))
        options = [word for name, value in given.items() for word in (f"--{name}", value)]
        return self("duplicate", image, *options)


@pytest.fixture
def department(chosho: Chosho, tmp_path: Path, folder: Path) -> Department:
    return Department(chosho, tmp_path, folder)


@pytest.fixture
def house(chosho: Chosho, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(chosho, tmp_path, folder, monkeypatch)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.code, answer.err.split()[0]


def record(out: Path) -> dict:
    return json.loads((out / f"{SET}.disc.json").read_text(encoding="utf-8"))


def test_a_department_without_a_data_root_makes_discs_and_papers(department: Department) -> None:
    answer = department.alone()
    assert answer.code == 0, answer.err
    names = {one.name for one in department.out.iterdir()}
    papers = {
        "attachment",
        "check_sheet",
        "transmittal",
        "summary-310-08-1",
        "summary-323-08-1",
        "summary-366-08-1",
    }
    wanted = {f"{SET}.{paper}.html" for paper in papers} | {f"{SET}V01.label.html", ISO, f"{SET}.disc.json"}
    wanted |= {f"{SET}.summary.csv", f"{SET}.summary.json"}
    assert wanted <= names
    assert names - wanted <= {
        name.replace(".html", ".pdf") for name in wanted
    }  # no container, no plain file is left
    assert department("verify", department.image, "--passphrase-file", department.passphrase).code == 0
    assert all(one.stat().st_mode & 0o077 == 0 for one in department.out.iterdir())


def test_encryption_is_on_by_default(department: Department) -> None:
    department.alone()
    assert record(department.out)["container"] == "age"
    with Disc(department.image) as disc:
        assert list(disc.files) == [f"{SET}V01.tar.age"]
    assert b"310," not in department.image.read_bytes()


def test_7zip_opens_what_the_tax_office_gets(department: Department, tmp_path: Path) -> None:
    assert department.alone("--container", "zip").code == 0
    seven = tool("7zz", "7z")
    subprocess.run([seven, "x", f"-o{tmp_path / 'iso'}", department.image], check=True, capture_output=True)
    archive = tmp_path / "iso" / f"{SET}V01.zip"
    secret = department.passphrase.read_text().strip()
    subprocess.run(
        [seven, "x", f"-p{secret}", f"-o{tmp_path / 'zip'}", archive], check=True, capture_output=True
    )
    for name in FILES:
        assert (tmp_path / "zip" / name).read_bytes() == (department.folder / name).read_bytes()


def test_the_summaries_equal_a_plain_count(department: Department) -> None:
    department.alone()
    with (department.out / f"{SET}.summary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {
        (row["資料"], row["区分"], row["金額の名称"]): (int(row["件数"]), int(row["人員"]), int(row["金額"]))
        for row in rows
    }
    lumps = nta_files.read(department.folder / "310dat01.txt") + nta_files.read(
        department.folder / "310dat02.txt"
    )
    people = {(row["beneficiary_name"], row["beneficiary_address"]) for row in lumps}
    total = sum(int(row["benefit_amount"]) + int(row["added_benefit_amount"]) for row in lumps)
    assert found["310", "支払調書提出分", "保険金額等"] == (27, len(people), total)
    assert len(people) < 27
    for title, flag in (("居住者又は内国法人", "0"), ("非居住者又は外国法人", "1")):
        mine = [
            row
            for row in nta_files.read(department.folder / "366dat01.txt")
            if row["payee_overseas_flag"] == flag
        ]
        tax = sum(int(row["withholding_tax"]) for row in mine)
        assert found["366", title, "源泉徴収税額"] == (
            len(mine),
            len({row["payee_name"] for row in mine}),
            tax,
        )
    deaths = nta_files.read(department.folder / "323dat01.txt")
    assert found["323", "死亡", "保険金額等"][0] == sum(row["insured_event_text"] == "死亡" for row in deaths)
    assert found["323", "合計", "保険金額等"][0] == 9


@pytest.mark.parametrize(("people", "number"), [("payees", 18 + 1), ("statements", 27)])
def test_a_setting_says_who_counts_as_a_person(
    department: Department, tmp_path: Path, people: str, number: int
) -> None:
    settings = tmp_path / "SETTINGS.yaml"
    settings.write_text(
        SETTINGS.read_text(encoding="utf-8").replace("people: payees", f"people: {people}"), encoding="utf-8"
    )
    department.make("--settings", settings, "--passphrase-file", department.passphrase)
    tree = json.loads((department.out / f"{SET}.summary.json").read_text(encoding="utf-8"))
    assert [one["rows"][-1]["people"] for one in tree if one["kind"] == "310"] == [number]


def test_no_number_of_a_person_is_on_any_paper(department: Department) -> None:
    department.alone("--container", "plain", "--plain-approved-by", "E2", "--reason", "税務署の指示")
    assert all(number.encode() in department.image.read_bytes() for number in nta_files.NUMBERS)
    said = ""
    for path in department.out.iterdir():
        if path.suffix == ".pdf":
            command = [tool("pdftotext"), path, "-"]
            said += subprocess.run(command, capture_output=True, text=True, check=True).stdout
        elif path.suffix != ".iso":
            said += path.read_text(encoding="utf-8")
    bare = said.replace(" ", "").replace("-", "")
    assert all(number not in bare for number in nta_files.NUMBERS)
    assert "山田" not in said


def test_pdfs_say_what_they_must(department: Department) -> None:
    if not disc_papers.find_font(""):
        pytest.skip(
            "no Japanese font is installed (tests/run.sh installs fonts-ipaexfont when it runs as root)"
        )
    department.alone()
    command = [tool("pdftotext"), department.out / f"{SET}V01.label.pdf", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for words in (
        "架空生命保険相互会社",
        "7-1234-5678-9012",
        "01101-00123456",
        "310：27件",
        "正本",
        "１枚のうち１枚",
    ):
        assert words in said


def test_without_a_font_there_are_pages_only_and_code_4(
    department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disc_papers, "find_font", lambda _named: "")
    answer = department.alone()
    assert (answer.code, "CHSP032W" in answer.err) == (4, True)
    assert not list(department.out.glob("*.pdf"))
    assert list(department.out.glob("*.html"))


def test_the_usual_places_are_searched_for_a_font(tmp_path: Path) -> None:
    assert disc_papers.find_font("", [str(tmp_path / "none")]) == ""
    (tmp_path / "b.ttf").touch()
    assert disc_papers.find_font("", [str(tmp_path / "a.ttf"), str(tmp_path / "b.ttf")]) == str(
        tmp_path / "b.ttf"
    )


@pytest.mark.parametrize(("text", "message"), [(None, "CHSP031E"), ("no font", "CHSP030E")])
def test_a_font_that_is_named_must_be_one(
    department: Department, tmp_path: Path, text: str | None, message: str
) -> None:
    font = tmp_path / "font.ttf"
    if text:
        font.write_text(text)
    settings = tmp_path / "SETTINGS.yaml"
    settings.write_text(
        SETTINGS.read_text(encoding="utf-8").replace('font: ""', f"font: {font}"), encoding="utf-8"
    )
    answer = department.make("--settings", settings, "--passphrase-file", department.passphrase)
    assert refused(answer) == (12, message)
    assert not department.out.exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--plain-approved-by", "E2"),
        ("--reason", "税務署の指示"),
        ("--plain-approved-by", " ", "--reason", "税務署の指示"),
        ("--plain-approved-by", "me", "--reason", "税務署の指示"),
    ],
)
def test_plain_files_need_another_person_and_a_reason(
    department: Department, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CHOSHO_PERSON", "me")
    assert refused(department.alone("--container", "plain", *words)) == (12, "CHSL060E")
    assert not department.out.exists()


def test_plain_files_go_out_by_approval_on_record(department: Department, tmp_path: Path) -> None:
    answer = department.alone("--container", "plain", "--plain-approved-by", "E2", "--reason", "税務署の指示")
    assert answer.code == 0, answer.err
    made = record(department.out)
    assert (made["plain_approved_by"], made["plain_reason"]) == ("E2", "税務署の指示")
    subprocess.run(
        [tool("7zz", "7z"), "x", f"-o{tmp_path / 'iso'}", department.image], check=True, capture_output=True
    )
    assert {one.name for one in (tmp_path / "iso").iterdir()} == set(FILES)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--plain-approved-by", "E2"), "CHSL061E"),
        (("--outside", "."), "CHSL061E"),
        (
            ("--container", "plain", "--plain-approved-by", "E2", "--reason", "番号 1234 5678 9018"),
            "CHSL059E",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    department: Department, words: tuple[str, ...], message: str
) -> None:
    answer = department.alone(*words)
    assert refused(answer) == (12, message)
    assert "5678" not in answer.err


def test_a_file_that_breaks_rules_makes_no_disc(department: Department) -> None:
    path = department.folder / "310dat02.txt"
    path.write_bytes(path.read_bytes().replace(b",0,08,", b",0,8,", 1))
    answer = department.alone()
    assert refused(answer) == (12, "CHSL051E")
    assert "310dat02.txt" in answer.err
    assert not department.out.exists()


def test_an_empty_file_makes_no_disc(department: Department) -> None:
    (department.folder / "366dat02.txt").write_bytes(b"")
    answer = department.alone()
    assert answer.code == 12
    assert answer.err.split()[0] in {"CHSL051E", "CHSL052E"}


def test_the_out_folder_is_new(department: Department) -> None:
    department.out.mkdir()
    (department.out / "note.txt").touch()
    assert refused(department.alone()) == (12, "CHSL050E")


def test_somebody_must_say_who_submits_and_where_the_passphrase_goes(department: Department) -> None:
    assert refused(department.make()) == (12, "CHSL055E")
    assert refused(department.make("--settings", SETTINGS)) == (12, "CHSL062E")
    inside = ("--passphrase-file", department.out / "passphrase")
    assert refused(department.make("--settings", SETTINGS, *inside)) == (12, "CHSL063E")


def test_a_kept_passphrase_opens_the_next_discs_too(department: Department, tmp_path: Path) -> None:
    department.alone()
    secret = department.passphrase.read_text()
    assert department.alone("--serial", 2, out=tmp_path / "more").code == 0
    assert department.passphrase.read_text() == secret
    assert (tmp_path / "more" / "S20270129_12V01.iso").exists()


def test_the_etax_form_goes_on_the_disc(department: Department) -> None:
    words = ("--container", "plain", "--plain-approved-by", "E2", "--reason", "確認用")
    assert department.alone("--etax", *words).code == 0
    with Disc(department.image) as disc:
        etax = disc.read("310dat01.txt")
    plain = (department.folder / "310dat01.txt").read_bytes()
    assert plain.count(b",\r\n") == 20
    assert etax == plain.replace(b",\r\n", b", \r\n")
    assert record(department.out)["etax"] is True


def rows_of(flag: str) -> list[str]:
    return [nta_files.row("310", correction_flag=flag, beneficiary_name=f"山田　{name}") for name in "一二三"]


@pytest.mark.parametrize(
    ("kind", "flags", "summaries"),
    [
        ("新規", "0", ["1"]),
        ("2", "0", ["2"]),
        ("訂正", "0", ["3"]),
        ("3", "01", ["3", "4"]),
        ("無効", "1", ["4"]),
        ("新規", "01", None),
        ("追加", "01", ["3", "4"]),
        ("追加", "1", ["4"]),
        ("無効", "01", None),
    ],
)
def test_the_class_fits_the_correction_marks(
    department: Department, kind: str, flags: str, summaries: list[str] | None
) -> None:
    for path in department.folder.iterdir():
        path.unlink()
    nta_files.write(department.folder, {"310dat01.txt": [row for flag in flags for row in rows_of(flag)]})
    answer = department.alone(kind=kind)
    if summaries is None:
        assert refused(answer) == (12, "CHSL053E")
        return
    assert answer.code in {0, 4}, answer.err
    assert sorted(path.stem[-1] for path in department.out.glob("*.summary-*.html")) == summaries
    tree = json.loads(next(department.out.glob("*.summary.json")).read_text(encoding="utf-8"))
    assert {one["rows"][-1]["statements"] for one in tree} == {3}


def test_a_supplement_has_a_summary_for_each_class(department: Department) -> None:
    """New statements stand in files of their own, right ones beside those that they replace."""
    for path in department.folder.iterdir():
        path.unlink()
    files = {"310dat01.txt": rows_of("0"), "310dat02.txt": [*rows_of("1"), *rows_of("0")[:2]]}
    nta_files.write(department.folder, files)
    answer = department.alone(kind="追加")
    assert answer.code in {0, 4}, answer.err
    tree = json.loads(next(department.out.glob("*.summary.json")).read_text(encoding="utf-8"))
    assert [(one["class"], one["rows"][-1]["statements"]) for one in tree] == [(2, 3), (3, 2), (4, 3)]


def test_the_agencys_own_method_takes_two_calls(department: Department, tmp_path: Path) -> None:
    first = department.alone("--container", "external")
    assert (first.code, "CHSL054W" in first.err) == (4, True)
    work = department.out / "work" / f"{SET}V01"
    assert {one.name for one in work.iterdir()} == set(FILES)
    assert not list(department.out.glob("*.iso"))
    outside = tmp_path / "outside"
    (outside / f"{SET}V01").mkdir(parents=True)
    (outside / f"{SET}V01" / "HOUTEI.EXE").write_bytes(b"made by the agency's method")
    second = department.alone("--container", "external", "--outside", outside, out=tmp_path / "discs")
    assert second.code == 0, second.err
    with Disc(tmp_path / "discs" / ISO) as disc:
        assert list(disc.files) == ["HOUTEI.EXE"]
    assert "暗号化処理済" in (tmp_path / "discs" / f"{SET}.transmittal.html").read_text(encoding="utf-8")


def test_permissions_and_duplicates_need_a_data_root(department: Department) -> None:
    department.alone()
    image = department.image
    for words in (
        ("request", image, "--person", "P", "--reason", "副本"),
        ("approve", "PERMIT.20270128.0001", image, "--reason", "副本"),
    ):
        assert refused(department(*words)) == (12, "CHSL056E")
    words = ("duplicate", image, "--permission", "PERMIT.20270128.0001", "--witness", "W")
    assert refused(department(*words, "--person", "somebody else")) == (12, "CHSL057E")


def test_a_house_keeps_passphrase_and_record(house: House) -> None:
    answer = house.make()
    assert answer.code == 0, answer.err
    assert house("verify", house.image).code == 0
    kinds = [(kind, fields.get("volume") or fields.get("password")) for kind, _, fields in house.rows()]
    assert kinds[-3:] == [
        ("password.create", f"PW-{SET}"),
        ("disc.made", f"{SET}V01"),
        ("password.use", f"PW-{SET}"),
    ]
    keys = KeyStore(house.keys, data_root=house.root)
    secret = keys.password(f"PW-{SET}")
    assert all(secret not in one.read_bytes().decode("latin-1") for one in house.out.iterdir())


def test_a_second_try_gets_a_passphrase_of_its_own(house: House, tmp_path: Path) -> None:
    house.make()
    assert house.make(out=tmp_path / "again").code == 0
    made = json.loads((tmp_path / "again" / f"{SET}.disc.json").read_text(encoding="utf-8"))
    assert made["password_id"] == f"PW-{SET}_2"


def test_a_duplicate_is_the_same_disc_with_another_label(house: House) -> None:
    house.make()
    answer = house.duplicate(house.permitted())
    assert answer.code == 0, answer.err
    copy = house.out / f"{SET}V01.duplicate.iso"
    assert copy.read_bytes() == house.image.read_bytes()
    label = (house.out / f"{SET}V01.label-duplicate.html").read_text(encoding="utf-8")
    original = (house.out / f"{SET}V01.label.html").read_text(encoding="utf-8")
    assert "副本" in label
    assert label.replace("副本", "正本") == original.replace("副本", "正本")
    assert house("verify", copy).code == 0
    _, who, fields = next(row for row in house.rows() if row[0] == "disc.duplicated")
    assert (who, fields["approved_by"], fields["witness"]) == ("maker", "manager", "witness")
    assert fields["image_sha256"] == record(house.out)["discs"][0]["image_sha256"]


def test_the_table_of_permissions_says_who_when_and_over_which_digest(house: House) -> None:
    house.make()
    house.duplicate(house.permitted())
    (row,) = json.loads(house("permissions", "--json").out)
    assert (row["requested_by"], row["approved_by"], row["witness"]) == ("maker", "manager", "witness")
    assert row["digest"] == record(house.out)["discs"][0]["image_sha256"]
    assert row["state"] == "used"
    for column in ("requested_at", "approved_at", "used_at", "expires_at"):
        assert dt.datetime.fromisoformat(row[column]).tzinfo is not None
    assert "PERMIT." in house("permissions").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"permission": "PERMIT.20000101.0001"}, "CHSJ080E"),
        ({"person": "another"}, "CHSL057E"),
        ({"witness": "maker"}, "CHSJ086E"),
        ({"witness": "manager"}, "CHSJ086E"),
        ({"witness": " "}, "CHSJ086E"),
    ],
)
def test_what_makes_no_duplicate(house: House, words: dict[str, str], message: str) -> None:
    house.make()
    permission = house.permitted()
    answer = house.duplicate(**{"permission": permission, **words})
    assert refused(answer) == (12, message)
    assert not (house.out / f"{SET}V01.duplicate.iso").exists()


def test_a_permission_is_for_the_one_who_is_named(house: House) -> None:
    house.make()
    permission = house.permitted()
    house.be("another")
    assert refused(house.duplicate(permission, person="another")) == (12, "CHSJ085E")


def test_nobody_approves_an_own_request(house: House) -> None:
    house.make()
    asked = house("request", house.image, "--person", "somebody", "--reason", "副本")
    answer = house("approve", asked.out.strip(), house.image, "--reason", "よい")
    assert refused(answer) == (12, "CHSJ082E")


def test_a_permission_is_used_once(house: House) -> None:
    house.make()
    permission = house.permitted()
    assert house.duplicate(permission).code == 0
    (house.out / f"{SET}V01.duplicate.iso").unlink()
    assert refused(house.duplicate(permission)) == (12, "CHSJ081E")


def test_a_permission_is_for_one_image(house: House, tmp_path: Path) -> None:
    house.make()
    permission = house.permitted()
    other = tmp_path / "other"
    assert house.make("--serial", 2, out=other).code == 0
    answer = house.duplicate(permission, image=str(other / "S20270129_12V01.iso"))
    assert refused(answer) == (12, "CHSJ084E")


def test_a_stale_permission_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.make()
    permission = house.permitted()
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)  # noqa: TID251 - the test's clock
    monkeypatch.setattr("chosho.batch.clock.stamp", lambda: later.isoformat(timespec="seconds"))
    assert refused(house.duplicate(permission)) == (12, "CHSJ083E")


def test_a_changed_image_is_neither_permitted_nor_duplicated(house: House) -> None:
    house.make()
    permission = house.permitted()
    data = bytearray(house.image.read_bytes())
    data[-1] ^= 1
    house.image.write_bytes(data)
    assert refused(house.duplicate(permission)) == (12, "CHSM061E")
    asked = house("request", house.image, "--person", "maker", "--reason", "副本")
    assert refused(asked) == (12, "CHSM061E")
    assert refused(house("verify", house.image)) == (12, "CHSM061E")


@pytest.mark.parametrize(("reason", "message"), [(" ", "CHSJ041E"), ("1234 5678 9018 のため", "CHSJ042E")])
def test_a_permission_needs_a_reason_without_numbers(house: House, reason: str, message: str) -> None:
    house.make()
    answer = house("request", house.image, "--person", "maker", "--reason", reason)
    assert refused(answer) == (12, message)
    assert "5678" not in answer.err


def test_what_is_no_image_of_a_submission_is_refused(house: House, tmp_path: Path) -> None:
    house.make()
    assert refused(house("verify", tmp_path / "S1V01.iso")) == (12, "CHSM059E")
    (house.out / f"{SET}.disc.json").write_text("{}")
    assert refused(house("verify", house.image)) == (12, "CHSM060E")


def test_another_passphrase_does_not_open_the_disc(department: Department, tmp_path: Path) -> None:
    from chosho.vault.passphrase import generate_passphrase

    department.alone()
    other = tmp_path / "other"
    other.write_text(generate_passphrase())
    assert department("verify", department.image, "--passphrase-file", other).code == 12
