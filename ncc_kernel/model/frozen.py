"""The base of all nouns that come from a file or go into the record."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value that never changes; an unknown key is an error, not a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
