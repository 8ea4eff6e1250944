"""Steps 3 and 4 in short, for the country brief and for the EU overview."""

from markupsafe import Markup

from ncc_kernel.analysis.summary import counted
from ncc_kernel.charts.markup import Html, Table, beside, paragraph, section, typed
from ncc_kernel.model.revision import EU
from ncc_kernel.workbook.case import case_story
from ncc_kernel.workbook.cocreation import (
    cocreation_summary,
    phases_picture,
    prototypes_picture,
)
from ncc_kernel.workbook.offers import transfer_offers
from ncc_kernel.workbook.reading import Reading
from ncc_kernel.workbook.scaling import (
    balance_picture,
    flow_picture,
    portfolio_picture,
    portfolio_summary,
    risk_picture,
)
from ncc_kernel.workbook.templates import template_offers

DECIDED = 8
"""Decisions that a brief lists; the workbook has all of them."""


def cocreation_and_scaling(read: Reading) -> Html:
    """For a country a case, the portfolio and the decisions; for the EU pictures and offers."""
    if read.parameters.country == EU:
        return _of_all(read)
    parts = [
        section("Co-creation and scaling", _in_short(read)),
        case_story(read).html(),
        portfolio_summary(read).html(),
        *([] if read.portfolio.empty else [portfolio_picture(read).html()]),
        _decided(read),
    ]
    return Html(Markup("").join(parts))


def _of_all(read: Reading) -> Html:
    worked = (phases_picture, prototypes_picture)
    # Low beside low and high beside high: a row is as high as the higher of the two.
    scaled = (flow_picture, risk_picture, portfolio_picture, balance_picture)
    parts = (
        cocreation_summary(read).html(),
        beside(*(make(read).html() for make in worked)),
        portfolio_summary(read).html(),
        beside(*(make(read).html() for make in scaled)),
        template_offers(read).html(),
        transfer_offers(read).html(),
    )
    return Html(Markup("").join(parts))


def _in_short(read: Reading) -> Markup:
    work, portfolio = read.cocreation, read.portfolio
    if work.empty and portfolio.empty:
        text = f"{read.begins} has no co-creation process and no practice on record yet."
        return paragraph(text, "quiet")
    scaled = sum(one.outcome == "scale" for one in portfolio.selections.values())
    text = (
        f"{read.begins} has {len(work.processes)} co-creation process{'' if len(work.processes) == 1 else 'es'}, "
        f"{counted(len(work.prototypes), 'prototype')} and {counted(len(portfolio.practices), 'practice')} "
        f"on record; {scaled or 'none'} {'is' if scaled == 1 else 'are'} to be scaled."
    )
    return paragraph(text)


def _decided(read: Reading) -> Markup:
    words = read.catalogue.vocabularies["selection_outcome"]
    found = sorted(
        read.portfolio.selections.items(), key=lambda one: (one[1].day, one[0]), reverse=True
    )
    rows = tuple(
        (
            typed(read.portfolio.practices[ref[0], one.practice].title),
            words.label(one.outcome),
            one.day,
            typed(one.reason),
            typed(one.dissent) if one.dissent else "none recorded",
        )
        for ref, one in found[:DECIDED]
    )
    columns = ("Practice", "Decision", "On", "Reason", "Dissent")
    return (
        Table("Decisions on practices, the latest first", columns, rows).html()
        if rows
        else Markup()
    )
