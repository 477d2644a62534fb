"""A page (様式): how every HTML page of the reports is filled in, and how it words a date.

Texts are escaped, a fact that is missing is an error, and a page takes nothing from elsewhere: no script, no picture, no font.
"""

import datetime as dt
import importlib.resources

import jinja2

_WEEKDAYS = "月火水木金土日"


def template(name: str) -> jinja2.Template:
    """Return a template of this package."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = importlib.resources.files("chosho.report").joinpath(name).read_text(encoding="utf-8")
    return environment.from_string(text)


def japanese_date(date: dt.date) -> str:
    """Return a date as 2027年1月12日."""
    return f"{date.year}年{date.month}月{date.day}日"


def with_weekday(date: dt.date) -> str:
    """Return a date as 2027年1月12日（火）."""
    return f"{japanese_date(date)}（{_WEEKDAYS[date.weekday()]}）"
