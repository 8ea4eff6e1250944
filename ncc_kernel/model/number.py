"""Numbers and days as people give them: 3, 3.0 and "3" are the same; what is unclear is refused.

Left to itself pydantic takes True for a 1, and 0 for the first of January 1970.
"""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator


def _number(raw: object) -> object:
    if isinstance(raw, bool):
        raise ValueError("yes or no is not a number")  # noqa: TRY004  # pydantic takes ValueError
    return raw


def _day(raw: object) -> object:
    if isinstance(raw, date) or (isinstance(raw, str) and "-" in raw.strip()[1:]):
        return raw
    raise ValueError("a day is written like 2024-05-31")


Whole = Annotated[int, BeforeValidator(_number)]
Decimal = Annotated[float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
