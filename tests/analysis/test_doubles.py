"""Doubles are proposed, in the same order whatever the order of the entries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncc_kernel.analysis.doubles import bare_name, bare_site, doubles
from ncc_kernel.model.revision import EVERY_CYCLE, Revision

NOW = datetime(2024, 5, 6, tzinfo=UTC)


def agent(seq: int, name: str, *, country: str = "PT", **said: Any) -> Revision:
    payload = {"name": name, **said}
    return Revision(seq, NOW, "ana", country, EVERY_CYCLE, "agent", f"a{seq}", None, payload)


ENTRIES = (
    agent(1, "Fundação Casa", website="https://www.casa.example/"),
    agent(2, "Something else", website="http://casa.example/index.html?x=1"),
    agent(3, "FUNDACAO  CASA.", place={"name": "Lisboa"}),
    agent(4, "Fundação Casa", country="ES", website="https://casa.example"),
    agent(5, "Lab", place={"name": "Évora"}),
    agent(6, "The Lab", place={"name": "Évora"}),
    agent(7, "lab", place={"name": "evora"}),
    agent(8, "On a shared site", website="https://facebook.com"),
    agent(9, "On it too", website="https://www.facebook.com/"),
)


@given(st.permutations(ENTRIES))
def test_the_same_site_or_the_same_name_and_place_is_proposed(entries: list[Revision]) -> None:
    found = [(one.first.key, one.second.key, one.why) for one in doubles(entries)]

    assert found == [("a1", "a2", ("web site",)), ("a5", "a7", ("name and place",))]


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("HTTPS://www.Example.org:443/Path//", "example.org/path"),
        ("example.org#top", "example.org"),
        ("https://linkedin.com/company/x", "linkedin.com/company/x"),
        ("https://linkedin.com", ""),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_addresses_that_lead_to_one_page_are_alike(raw: str, bare: str) -> None:
    assert bare_site(raw) == bare


@pytest.mark.parametrize(
    ("raw", "bare"),
    [
        ("Casa do Povo, IPSS", "casa do povo"),
        ("Łódź - Hub GmbH", "łodz hub"),
        ("Stiftung", "stiftung"),
        ("ΔΗΜΟΣ Αθηναίων", "δημοσ αθηναιων"),
    ],
)
def test_names_are_alike_without_accents_case_and_legal_form(raw: str, bare: str) -> None:
    assert bare_name(raw) == bare
