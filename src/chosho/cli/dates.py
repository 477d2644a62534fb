"""Dates of a command: today in Japan, a date that was typed, the business calendar of the data root."""

import datetime as dt

import click

from chosho import disk
from chosho.batch import clock
from chosho.business_days import Calendar
from chosho.cli.main import Place
from chosho.errors import InputRefused

TOKYO = dt.timezone(dt.timedelta(hours=9), "Asia/Tokyo")
"""Japan's time; without summer time since 1951, so no table of zones is asked."""
CALENDAR = "CALENDAR.yaml"


def today() -> dt.date:
    """Return today's date in Japan, wherever the machine is."""
    return in_japan(clock.stamp())


def in_japan(stamp: str) -> dt.date:
    """Return the date that a time stamp falls on in Japan."""
    return dt.datetime.fromisoformat(stamp).astimezone(TOKYO).date()


def typed(context: click.Context, parameter: click.Parameter, text: str | None) -> dt.date | None:  # noqa: ARG001 - click's signature
    """Return a date that was typed; None when none was (a callback of click)."""
    return None if text is None else read(text)


def read(text: str) -> dt.date:
    """Return the date that a text is.

    Raises:
        InputRefused: it is none (CHSL013E).
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputRefused("CHSL013E", text=text) from None


def calendar(place: Place) -> Calendar:
    """Return the business calendar of the data root.

    Raises:
        InputRefused: it is missing, or contradicts itself.
    """
    path = place.root / CALENDAR
    return Calendar.load(disk.read_bytes(path).decode(), source=str(path))
