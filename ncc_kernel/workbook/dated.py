"""What of the record stands in a page's calendar, and what of it the page's readers may be told."""

from ncc_kernel.analysis.calendar import Doubling, doublings, of_record, standing, versions
from ncc_kernel.model.calendar import Happening
from ncc_kernel.workbook.reading import Reading

SHARED = ("seminar", "cop_event")
"""What the record adds to everybody's calendar."""


def recorded(read: Reading) -> tuple[Happening, ...]:
    """What the record holds for this page's calendar: the working group's, and the country's own."""
    # A name in a feed is for good, so it carries the store's; on a page nobody sees it.
    found = standing(of_record(versions(read.told), store="page"))
    own = read.parameters.country
    return tuple(one for one in found if one.what in SHARED or one.country == own)


def doubled(read: Reading, topic: str = "") -> tuple[Doubling, ...]:
    """Seminars that double a topic of the SI CoP; those on one topic, if one is named."""
    found = doublings(read.programme, recorded(read))
    return tuple(one for one in found if topic in ("", one.seminar.topic))


def doubled_seqs(read: Reading) -> tuple[int, ...]:
    """The revisions that the warnings of them stand on."""
    return tuple(seq for one in doubled(read) for seq in (one.seminar.seq, one.event.seq))
