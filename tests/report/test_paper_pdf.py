"""Papers in print: words that can be taken out again, the font inside, the same bytes each time; pixels where they belong."""

import subprocess
from pathlib import Path

import pytest

from chosho.errors import InputRefused
from chosho.report.paper import Heading, Lines, Paper, Table
from chosho.report.paper_pdf import pdf
from chosho.report.submission import ORIGINAL, check_sheet, label, papers
from chosho.report.summary_table import summary_paper
from tests.report.submissions import DATE, FACTS, SUMMARY_366, WHO
from tests.tools import tool

FONTS = (
    "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
SUMMARY = summary_paper(SUMMARY_366, WHO, submitted_on=DATE, medium="CD-700", set_id="S20270129_11")
PAPERS = [*papers(FACTS), label(FACTS, FACTS.discs[1], ORIGINAL), SUMMARY]


@pytest.fixture(scope="module", params=FONTS, ids=["ipaexg", "noto"])
def font(request: pytest.FixtureRequest) -> str:
    if not Path(request.param).is_file():
        pytest.skip(
            f"{request.param} is not installed (tests/run.sh installs fonts-ipaexfont when it runs as root)"
        )
    return str(request.param)


def extracted(data: bytes, tmp_path: Path) -> str:
    (tmp_path / "paper.pdf").write_bytes(data)
    command = [tool("pdftotext"), "-layout", tmp_path / "paper.pdf", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_its_words_can_be_taken_out(paper: Paper, font: str, tmp_path: Path) -> None:
    found = "".join(extracted(pdf(paper, font, DATE), tmp_path).split())
    wanted = [paper.title]
    wanted += [
        cell
        for block in paper.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row
        if len(cell) < 12  # longer ones may stand in two lines
    ]
    assert [words for words in wanted if "".join(words.split()) not in found] == []


def test_the_font_is_inside(font: str, tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(pdf(SUMMARY, font, DATE))
    shown = subprocess.run(
        [tool("pdffonts"), tmp_path / "paper.pdf"], capture_output=True, text=True, check=True
    )
    lines = shown.stdout.splitlines()[2:]
    assert lines
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)  # embedded, subset, Unicode


def test_the_same_paper_has_the_same_bytes(font: str) -> None:
    assert pdf(SUMMARY, font, DATE) == pdf(SUMMARY, font, DATE)


def test_cells_are_white_and_their_words_dark(font: str, tmp_path: Path) -> None:
    """A page is mostly white: a fill that leaks from one block into the next once made tables black."""
    for paper in PAPERS:
        (tmp_path / "paper.pdf").write_bytes(pdf(paper, font, DATE))
        command = [tool("pdftoppm"), "-r", "40", "-gray", tmp_path / "paper.pdf"]
        page = subprocess.run(command, capture_output=True, check=True).stdout
        pixels = page.split(b"\n", 3)[-1]
        dark = sum(value < 96 for value in pixels) / len(pixels)
        assert 0.0005 < dark < 0.03, paper.name


def test_a_long_paper_goes_on_on_the_next_page(font: str, tmp_path: Path) -> None:
    rows = tuple((f"{number}枚目", f"310dat{number:02d}.txt", "1,000") for number in range(1, 100))
    table = Table(head=("媒体", "ファイル", "件数"), rows=rows, widths=(40, 40, 20), right=(2,))
    paper = Paper(
        name="x",
        title="付表",
        subtitle="長い表",
        blocks=(Heading(text="一覧"), table, Lines(lines=("以上",))),
    )
    found = extracted(pdf(paper, font, DATE), tmp_path)
    assert found.count("\f") == 3
    assert found.count("ファイル") == 3  # the head stands on every page
    assert "310dat99.txt" in found


def test_a_check_sheet_is_one_page(font: str, tmp_path: Path) -> None:
    assert extracted(pdf(check_sheet(FACTS), font, DATE), tmp_path).count("\f") == 1


@pytest.mark.parametrize("name", ["missing.ttf", "broken.ttf", "paper.txt"])
def test_a_font_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    if name != "missing.ttf":
        (tmp_path / name).write_bytes(b"no font")
    with pytest.raises(InputRefused, match="CHSP030E"):
        pdf(SUMMARY, str(tmp_path / name), DATE)
