"""Which part of the record a page is made from: its seq is the last revision that concerns it."""

from collections.abc import Collection, Mapping

from ncc_kernel.model.revision import EU

Tips = Mapping[tuple[str, str, str], int]
"""The last seq of each (country, cycle, kind)."""


def page_seq(tips: Tips, *, country: str, cycles: Collection[str]) -> int:
    """The seq that a page of this country is made from; an EU page is made from all countries'.

    `cycles` are those the page shows, EVERY_CYCLE among them. Two pages with the same seq are
    made from the same revisions.
    """
    wanted = {country, EU}
    return max(
        (
            seq
            for (place, cycle, _kind), seq in tips.items()
            if cycle in cycles and (country == EU or place in wanted)
        ),
        default=0,
    )
