"""The door for files of reference data: what is wrong is named by file and key."""

from typing import TypeVar

from pydantic import ValidationError

from ncc_kernel.errors import DataFault
from ncc_kernel.model.frozen import Frozen

M = TypeVar("M", bound=Frozen)


def parse_file(model: type[M], raw: object, *, where: str) -> M:
    """The noun that the file holds, or a DataFault with one sentence for each fault in it."""
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        said = "\n".join(_sentence(error, where) for error in fault.errors(include_url=False))
        raise DataFault(said, f"correct {where} and try again") from None


def _sentence(error: object, where: str) -> str:
    assert isinstance(error, dict)  # noqa: S101  # pydantic's ErrorDetails is a TypedDict
    key = ".".join(str(part) for part in error["loc"])
    said = str(error["msg"]).removeprefix("Value error, ").rstrip(".")
    if error["type"] == "missing":
        return f"{where}: the key {key} is missing."
    if error["type"] == "extra_forbidden":
        return f"{where}: the key {key} is not known here."
    return f"{where}, {key or 'whole file'}: {said}."
