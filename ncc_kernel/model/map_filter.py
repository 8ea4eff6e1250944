"""What part of the map someone looks at."""

from typing import Annotated

from pydantic import StringConstraints

from ncc_kernel.model.frozen import Frozen

Chosen = Annotated[str, StringConstraints(max_length=400)]


class MapFilter(Frozen):
    """A part of the map; what is empty does not narrow it.

    `type` narrows the agents alone, `stage` and `challenge` the initiatives alone, the others
    every entry of the map. A link is there when both its ends are.
    """

    country: Chosen = ""
    region: Chosen = ""
    type: Chosen = ""
    stage: Chosen = ""
    objective: Chosen = ""
    challenge: Chosen = ""
    tier: Chosen = ""
    review: Chosen = ""


EVERYTHING = MapFilter()
"""The whole map."""
