"""The seq of a page: the last revision that concerns it."""

import pytest

from ncc_kernel.analysis.freshness import page_seq

TIPS = {
    ("EU", "-", "origin"): 1,
    ("PT", "2023-1", "answer"): 20,
    ("PT", "2024-1", "answer"): 30,
    ("ES", "2024-1", "answer"): 45,
    ("PT", "-", "agent"): 40,
    ("EU", "2024-1", "reference"): 35,
    ("FR", "2022-1", "answer"): 99,
}


@pytest.mark.parametrize(
    ("country", "cycles", "seq"),
    [
        ("PT", ("2024-1", "-", "2023-1"), 40),
        ("PT", ("2024-1",), 35),
        ("PT", ("2023-1",), 20),
        ("ES", ("2024-1", "-"), 45),
        ("MT", ("2024-1", "-"), 35),
        ("MT", ("-",), 1),
        ("EU", ("2024-1", "-"), 45),
        ("EU", ("2022-1",), 99),
        ("PT", ("2030-1",), 0),
    ],
)
def test_a_page_is_as_new_as_the_last_entry_that_concerns_it(
    country: str, cycles: tuple[str, ...], seq: int
) -> None:
    assert page_seq(TIPS, country=country, cycles=cycles) == seq


def test_an_empty_record_has_seq_0() -> None:
    assert page_seq({}, country="PT", cycles=("2024-1", "-")) == 0


def test_an_answer_of_another_country_leaves_a_page_as_it_is() -> None:
    cycles = ("2024-1", "-")
    before = page_seq(TIPS, country="PT", cycles=cycles)

    after = page_seq({**TIPS, ("ES", "2024-1", "answer"): 1000}, country="PT", cycles=cycles)

    assert after == before
