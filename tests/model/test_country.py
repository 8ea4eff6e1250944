"""Countries: liberal in spelling, never guessing, and a reason for every spelling not taken."""

import pytest

from ncc_kernel.errors import Rejected
from ncc_kernel.model.country import LANGUAGES, parse_country, spellings
from ncc_kernel.store.catalogue import Catalogue

GREECE = {
    "bg": "Гърция",
    "cs": "Řecko",
    "da": "Grækenland",
    "de": "Griechenland",
    "el": "Ελλάδα",
    "en": "Greece",
    "es": "Grecia",
    "et": "Kreeka",
    "fi": "Kreikka",
    "fr": "Grèce",
    "ga": "an Ghréig",
    "hr": "Grčka",
    "hu": "Görögország",
    "it": "Grecia",
    "lt": "Graikija",
    "lv": "Grieķija",
    "mt": "il-Greċja",
    "nl": "Griekenland",
    "pl": "Grecja",
    "pt": "Grécia",
    "ro": "Grecia",
    "sk": "Grécko",
    "sl": "Grčija",
    "sv": "Grekland",
}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("EL", "EL"),
        ("GR", "EL"),
        ("GRC", "EL"),
        ("300", "EL"),
        ("at", "AT"),
        ("AT\n", "AT"),
        ("\tAT ", "AT"),
        ("P.T.", "PT"),
        ("Espana", "ES"),
        ("ESPAÑA", "ES"),
        ("slovak  republic", "SK"),
        ("Czech Republic", "CZ"),
        ("The Netherlands", "NL"),
        ("\N{RIGHT-TO-LEFT MARK}PT", "PT"),
        ("PT\N{LEFT-TO-RIGHT MARK}", "PT"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}PT\N{POP DIRECTIONAL FORMATTING}", "PT"),
        ("P\N{ZERO WIDTH SPACE}T", "PT"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}Portugal", "PT"),
        ("Por\N{SOFT HYPHEN}tugal", "PT"),
        ("\N{NO-BREAK SPACE}Malta\N{NO-BREAK SPACE}", "MT"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER P}\N{FULLWIDTH LATIN CAPITAL LETTER T}", "PT"),
        ("O\N{COMBINING DIAERESIS}sterreich", "AT"),
    ],
)
def test_a_country_is_known_by_any_of_its_spellings(
    catalogue: Catalogue, raw: str, code: str
) -> None:
    assert parse_country(raw, catalogue.countries).code == code


@pytest.mark.parametrize(("language", "name"), GREECE.items())
def test_greece_has_its_name_in_every_official_language(
    catalogue: Catalogue, language: str, name: str
) -> None:
    found = parse_country(name.upper(), catalogue.countries)

    assert found.code == "EL"
    assert found.name(language) == name


def test_there_are_24_official_languages() -> None:
    assert tuple(sorted(GREECE)) == LANGUAGES


def test_every_name_in_every_language_means_its_own_country(catalogue: Catalogue) -> None:
    wrong = [
        (country.code, language)
        for country in catalogue.countries
        for language in LANGUAGES
        if parse_country(country.name(language), catalogue.countries) is not country
    ]

    assert len(catalogue.countries) == 27
    assert wrong == []


def test_no_spelling_means_two_countries(catalogue: Catalogue) -> None:
    alone = [spellings([country]) for country in catalogue.countries]

    assert sum(map(len, alone)) == len(spellings(catalogue.countries))


@pytest.mark.parametrize(
    "raw",
    [
        "UK",
        "GB",
        "United Kingdom",
        "Switzerland",
        "Turkey",
        "Türkiye",
        "norway",
        "Cote d'Ivoire",
        "Korea, Republic of",
        "Macedonia, the former Yugoslav Republic of",
        "Europe",
    ],
)
def test_a_country_outside_the_eu_is_said_to_be_outside(catalogue: Catalogue, raw: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_country(raw, catalogue.countries)

    assert refused.value.what.endswith("is not one of the EU's 27 member states.")
    assert refused.value.hint == ""


@pytest.mark.parametrize(
    "raw",
    [
        "XX",
        "E",
        "'PT'",
        '"PT"',
        "PT; DROP TABLE revision",
        "__import__('os')",
        "{{7*7}}",
        "<script>PT</script>",
        "../../etc",
        "%2e%2e%2fPT",
    ],
)
def test_what_is_no_country_is_unknown_and_not_outside(catalogue: Catalogue, raw: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_country(raw, catalogue.countries)

    assert refused.value.what == f"{raw!r} is not a country's name or code."
    assert refused.value.hint == "write a two-letter code such as PT"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("Deutchland", "did you mean DE?"),
        ("Portugall", "did you mean PT?"),
        ("Oesterreich", "did you mean AT?"),
        ("Germany, Berlin", "did you mean DE?"),
        ("PT\x00", "did you mean PT?"),
        ("=PT", "did you mean PT?"),
        ("P\nT", "did you mean PT?"),
    ],
)
def test_a_near_miss_gets_a_hint_and_is_not_guessed(
    catalogue: Catalogue, raw: str, hint: str
) -> None:
    with pytest.raises(Rejected, match="is not a country's name or code") as refused:
        parse_country(raw, catalogue.countries)

    assert refused.value.hint == hint


@pytest.mark.parametrize("raw", ["", "  ", "\n", "\N{ZERO WIDTH SPACE}", "."])
def test_an_empty_country_is_said_to_be_missing(catalogue: Catalogue, raw: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_country(raw, catalogue.countries)

    assert str(refused.value) == "No country is given.\nHint: fill in the country"


def test_a_very_long_country_is_refused_in_a_short_sentence(catalogue: Catalogue) -> None:
    with pytest.raises(Rejected) as refused:
        parse_country("x" * 100_000, catalogue.countries)

    assert len(str(refused.value)) < 150
