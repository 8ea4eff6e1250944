"""The live map on a record: others' entries arrive, private ones leave no trace."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ncc_kernel.errors import ParameterRejected
from ncc_kernel.forms.live import News
from ncc_kernel.model.book import book_named
from ncc_kernel.model.revision import EVERY_CYCLE, Draft
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.log import Store
from ncc_kernel.workbook import atlas, open_workbook
from ncc_kernel.workbook.arguments import check_arguments
from ncc_kernel.workbook.asking import check_part
from ncc_kernel.workbook.atlas import Ground
from ncc_kernel.workbook.live import make_session
from ncc_kernel.workbook.live_pieces import news
from ncc_kernel.workbook.pictures import Pictures
from ncc_kernel.workbook.reading import Reading

NOW = datetime(2024, 5, 6, 12, 0, tzinfo=UTC)
BOOKS = {"EU": "07_eu_overview"}

Enter = Callable[..., int]
Page = Callable[..., Reading]


@pytest.fixture
def enter(store: Store) -> Enter:
    """Put an entry on the map of a country; its seq."""

    def put(
        kind: str, key: str, /, *, country: str = "PT", gone: bool = False, **payload: Any
    ) -> int:
        base = store.current(kind, country=country, cycle=EVERY_CYCLE, key=key)
        draft = Draft(
            country,
            EVERY_CYCLE,
            kind,
            key,
            base[0].seq if base else None,
            None if gone else payload,
        )
        return store.append([draft], author="ana", at=NOW).written[0].seq

    return put


@pytest.fixture
def page(store: Store, catalogue: Catalogue) -> Page:
    """What a page of a country, or of the EU, has read."""

    def read(country: str = "EU", **chosen: str) -> Reading:
        book = book_named(BOOKS.get(country, "02_ecosystem_mapping"))
        raw = {"country": country, "cycle": "2024-1", "mode": "edit"}
        parameters = check_arguments(raw, book=book, catalogue=catalogue)
        part = check_part(chosen, catalogue, country)
        return Reading(book, parameters, catalogue, store, store.last_seq(), part)

    return read


def pictures(read: Reading) -> Pictures:
    ground = Ground(read)
    return Pictures(ground, ground.atlas(read.part, until=read.until), read.part, read.seq)


def test_an_entry_of_another_country_is_on_the_eus_page(enter: Enter, page: Page) -> None:
    session = make_session(page())

    enter("agent", "a", name="Casa <b>", place={"nuts": "PT17"})
    (told,) = session.poll()
    look = session.to_draw()

    assert told["items"] == ["<strong>Portugal</strong>: new agent <bdi>Casa &lt;b&gt;</bdi>"]
    assert look is not None
    assert look()["counts"] == "1 agent, 0 initiatives, 0 links and 0 challenges."


def test_a_countrys_page_hears_of_its_own_entries_alone(enter: Enter, page: Page) -> None:
    session = make_session(page("ES"))

    enter("agent", "a", name="Casa")

    assert (session.poll(), session.to_draw()) == ([], None)


def test_private_entries_are_never_told_nor_counted(enter: Enter, page: Page) -> None:
    session = make_session(page())

    enter("agent", "a", name="Secret", visibility="private")
    enter("agent", "a", name="Secreter", visibility="private")
    enter("agent", "a", gone=True)

    assert (session.poll(), session.to_draw()) == ([], None)


def test_what_becomes_private_leaves_the_map_without_a_word(enter: Enter, page: Page) -> None:
    enter("agent", "a", name="Casa")
    session = make_session(page())

    enter("agent", "a", name="Casa", visibility="private")

    assert session.poll() == []
    look = session.to_draw()
    assert look is not None
    assert look()["counts"].startswith("0 agents")


def test_a_filter_holds_while_others_enter(enter: Enter, page: Page) -> None:
    session = make_session(page(type="ngo"))

    enter("agent", "a", name="Jornal", type="media")
    enter("agent", "b", name="Casa", type="ngo")
    session.poll()
    look = session.to_draw()

    assert look is not None
    said = look()
    assert said["counts"].startswith("1 agent,")
    assert said["said"] == "Only entries with type Association or NGO."


def test_the_address_chooses_a_part_on_a_served_page_alone(
    home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCC_HOME", str(home.root))
    monkeypatch.delenv("NCC_STORE", raising=False)
    monkeypatch.setenv("NCC_MAP", "type=ngo")

    batch = open_workbook("02_ecosystem_mapping", "PT", "2024-1", "brief")._read.part
    monkeypatch.setenv("NCC_SESSION", "t" * 43)
    served = open_workbook("02_ecosystem_mapping", "PT", "2024-1", "brief")._read.part

    assert (batch.type, served.type) == ("", "ngo")


@pytest.mark.parametrize("raw", [{"region": "ES11"}, {"region": "PT99"}, {"type": "x"}])
def test_what_the_country_does_not_have_cannot_be_chosen(
    catalogue: Catalogue, raw: dict[str, str]
) -> None:
    with pytest.raises(ParameterRejected, match="on this map"):
        check_part(raw, catalogue, "PT")


def test_every_picture_of_an_empty_map_says_what_to_do_or_shows_the_country(page: Page) -> None:
    for country in ("MT", "EU"):
        for one in pictures(page(country)):
            assert len(str(one.make().html())) > 40, one.name


def test_the_same_record_is_the_same_pictures(enter: Enter, page: Page) -> None:
    for n in range(6):
        enter("agent", f"a{n}", name=f"A{n}", place={"nuts": "PT17"}, capabilities={"scaling": 3})
        enter("initiative", f"i{n}", title=f"I{n}", needs={"scaling": 2})
        enter("link", f"l{n}", agent=f"a{n}", target=f"i{(n * 2) % 6}", kind="leads")

    first, second = ([str(one.make().html()) for one in pictures(page("PT"))] for _ in range(2))

    assert first == second


def test_a_map_of_very_many_entries_is_counted_and_says_the_same(
    enter: Enter, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, country in enumerate(("PT", "PT", "ES")):
        place = {"nuts": ("PT17", "PT11", "ES30")[n]}
        enter("agent", f"a{n}", country=country, name=f"A{n}", type="ngo", place=place)
        enter(
            "initiative",
            f"i{n}",
            country=country,
            title=f"I{n}",
            stage="scale",
            needs={"scaling": 3},
            challenges=["c"],
        )
    enter("challenge", "c", title="C", urgency=5)
    enter("agent", "hidden", name="H", visibility="private")
    read = pictures(page()).atlas

    monkeypatch.setattr(atlas, "MANY", 1)
    counted = pictures(page()).atlas

    assert counted.network is None
    for name in (
        *("agents", "initiatives", "links", "challenges", "types", "stages", "matches"),
        *("by_region", "by_country", "growth"),
    ):
        assert getattr(counted, name) == getattr(read, name), name
    assert [(one.key, one.priority) for one in counted.standings] == [("c", 5.0)]
    for one in pictures(page()):
        assert str(one.make().html())


def test_what_is_part_of_a_private_process_is_not_told(enter: Enter, page: Page) -> None:
    read, kinds = page("PT"), ("process", "session", "prototype", "indicator")
    enter("process", "p", title="Secret", challenge="c", visibility="private")
    enter("session", "s", title="Secret too", process="p")
    enter("prototype", "t", title="And this", process="p")
    last = enter("indicator", "i", name="And that", prototype="t")
    hidden = news(read, read.until, last, kinds=kinds)

    enter("process", "q", title="Open", challenge="c")
    shown = news(read, last, enter("session", "s2", title="Kitchen", process="q"), kinds=kinds)

    assert hidden == News((), changed=False)
    assert [one.rpartition(" ")[2] for one in shown.sentences] == [
        "<bdi>Open</bdi>",
        "<bdi>Kitchen</bdi>",
    ]
