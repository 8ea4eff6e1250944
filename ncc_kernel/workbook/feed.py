"""The calendar as a feed: all that happens for everybody, or with it what is due in one country."""

from ncc_kernel.analysis.calendar import DATED, of_programme, of_record, versions
from ncc_kernel.analysis.privacy import open_to_all
from ncc_kernel.model.revision import EU, EVERY_CYCLE, NAME_OF_ALL
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.ical_out import to_ics
from ncc_kernel.store.log import Store
from ncc_kernel.workbook.dated import SHARED


def calendar_feed(store: Store, catalogue: Catalogue, *, cycle: str, country: str = EU) -> bytes:
    """The feed in the iCalendar format; withdrawn entries stand in it as cancelled."""
    programme = catalogue.programme_of(cycle)
    origin = store.current("origin", country=EU)
    name = str(origin[0].payload["store"]) if origin and origin[0].payload else "record"
    changes = store.changes(0, cycles=(cycle, EVERY_CYCLE), limit=1_000_000)
    dated = open_to_all(one for one in changes if one.kind in DATED)
    recorded = [
        one
        for one in of_record(versions(dated), name)
        if one.what in SHARED or one.country == country
    ]
    happenings = sorted(
        (*of_programme(programme), *recorded), key=lambda one: (one.first, one.last, one.uid)
    )
    place = NAME_OF_ALL if country == EU else catalogue.country(country).name()
    return to_ics(happenings, name=f"NCC working group: {place}", year=programme.year)
