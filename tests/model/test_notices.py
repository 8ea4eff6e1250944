"""What may be recorded and still deserves a word."""

from typing import Any

import pytest

from ncc_kernel.model.notices import notices
from ncc_kernel.store.catalogue import Catalogue


@pytest.mark.parametrize(
    ("kind", "payload", "warned"),
    [
        ("initiative", {"objectives": ["ESO4.1", "ESO4.13"]}, 1),
        ("initiative", {"objectives": ["ESO4.13"], "innovative": True}, 1),
        ("initiative", {"objectives": ["ESO4.13"], "innovative": False}, 0),
        ("initiative", {"objectives": ["ESO4.12"]}, 0),
        ("agent", {"objectives": ["ESO4.13"]}, 0),
        ("initiative", None, 0),
    ],
)
def test_an_innovative_action_under_eso4_13_brings_a_warning(
    catalogue: Catalogue, kind: str, payload: dict[str, Any] | None, warned: int
) -> None:
    found = notices(kind, payload, catalogue.vocabularies)

    assert len(found) == warned
    assert all("Art. 14" in one and one.startswith("ESO4.13") for one in found)
