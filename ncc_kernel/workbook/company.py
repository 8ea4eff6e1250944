"""Who else has a form open: the same for every form, where people are signed in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from ncc_kernel.forms.entries_scene import EntriesReach
from ncc_kernel.forms.scene import Reach
from ncc_kernel.store.guarded import GuardedStore

R = TypeVar("R", Reach, EntriesReach)


def in_company(reach: R, guarded: GuardedStore, country: str) -> R:
    """The reach of a form that tells others of the country that one is here, and where."""

    def here(place: str | None) -> None:
        guarded.touch(place=place, country=country, acted=place is not None)

    def others() -> Sequence[tuple[str, str]]:
        return [(one.name, one.place) for one in guarded.present(country)]

    return replace(reach, here=here, others=others)
