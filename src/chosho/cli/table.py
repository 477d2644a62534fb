"""Tables and bars on the terminal: the only places where rich draws."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; a column whose name ends in ``>`` is set to the right."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column.removesuffix(">"), justify="right" if column.endswith(">") else "left", no_wrap=True
        )
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console(highlight=False)
    # A pipe gets whole lines, whatever the width of the terminal behind it.
    if not console.is_terminal:
        console = Console(highlight=False, width=240)
    console.print(table)
