"""Tables and bars on the terminal: the only places where rich draws."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; a column whose name ends in ``>`` is set to the right.

    On a narrow terminal only the last column gives way, by going on in the next line: a step's name is never cut.
    """
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        last = place == len(columns) - 1
        widest = max((cell_len(row[place]) for row in cells), default=0)
        table.add_column(
            column.removesuffix(">"),
            justify="right" if column.endswith(">") else "left",
            no_wrap=not last,
            overflow="fold",
            min_width=None if last else max(widest, cell_len(column.removesuffix(">"))),
        )
    for row in cells:
        table.add_row(*row)
    console = Console(highlight=False)
    # A pipe gets whole lines, whatever the width of the terminal behind it.
    if not console.is_terminal:
        console = Console(highlight=False, width=240)
    console.print(table)
