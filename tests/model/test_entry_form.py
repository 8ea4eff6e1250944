"""The files of data/entries: each path, control and word is checked against the kind's model."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ncc_kernel.errors import DataFault
from ncc_kernel.model.entry_fields import (
    dangling,
    faults,
    fields_of,
    paths_of,
    payload_of,
    strange,
)
from ncc_kernel.model.entry_form import EntryForm, parse_entry_form
from ncc_kernel.model.field_shape import (
    bounds,
    field_of,
    longest,
    optional,
    required,
    shape_of,
    whole,
)
from ncc_kernel.model.kinds import KINDS, parse_payload
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.catalogue import Catalogue, read_catalogue

FILES = sorted(path.stem for path in (CHECKOUT / "data" / "entries").glob("*.toml"))
NAME = {"path": "name", "label": "Name", "control": "line"}
HEAD = {"kind": "agent", "title": "Agents", "one": "agent", "named_by": "name"}


def parsed(catalogue: Catalogue, *fields: dict[str, Any], **head: Any) -> EntryForm:
    raw = HEAD | {"fields": [NAME, *fields]} | head
    return parse_entry_form(raw, where="agent.toml", vocabularies=catalogue.vocabularies)


def field(path: str, control: str, **more: Any) -> dict[str, Any]:
    return {"path": path, "label": "Label", "control": control} | more


def test_every_form_that_ships_fits_its_model(catalogue: Catalogue) -> None:
    assert {"agent", "challenge", "initiative", "link"} <= set(catalogue.entry_forms)
    for kind, form in catalogue.entry_forms.items():
        assert form.kind == kind
        assert all(field_of(kind, path) for path in paths_of(form))


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (field("size.more", "line"), "fields (size.more): Agent has no 'size.more'"),
        (field("colour", "line"), "fields (colour): Agent has no 'colour'"),
        (field("size", "number"), "fields (size): the control 'number' does not fit"),
        (field("objectives", "line"), "fields (objectives): the control 'line' does not fit"),
        (field("needs", "line"), "fields (needs): the control 'line' does not fit"),
        (field("place.lat", "line"), "fields (place.lat): the control 'line' does not fit"),
        (field("type", "choice"), "a choice has a vocabulary"),
        (field("size", "line", vocabulary="tier"), "a choice has a vocabulary"),
        (field("type", "choice", vocabulary="colours"), "there is no vocabulary 'colours'"),
        (field("tier", "choice", vocabulary="role"), "the model does not take 'promoter'"),
        (field("needs.scaling", "choice", vocabulary="score"), "the model does not take '4'"),
        (field("size", "entry"), "says of which kind"),
        (field("size", "line", of="agent"), "says of which kind"),
        (field("size", "entry", of="agents"), "'agents' is no kind of entry"),
        (field("size", "entry", of=["agent", "link"]), "chooses among several kinds"),
        (field("size", "entry", of=["agent", "link"], kind_path="x"), "the model has no 'x'"),
        (field("name", "line"), "the path is used twice"),
        (field("size", "wheel"), "fields.1.control"),
        (field("size", "line", colour="red"), "the key fields.1.colour is not known here"),
    ],
)
def test_a_field_that_cannot_work_is_named_with_its_file(
    catalogue: Catalogue, bad: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataFault) as fault:
        parsed(catalogue, bad)

    assert fault.value.what.startswith("agent.toml")
    assert said in fault.value.what
    assert fault.value.hint


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ({"kind": "agents"}, "kind: 'agents' is no kind of entry"),
        ({"named_by": "title"}, "named_by: 'title' is no path of a field"),
        ({"listed": ["type"]}, "listed: 'type' is no path of a field"),
        ({"fields": [field("type", "line")], "named_by": "type"}, "an entry needs 'name'"),
        ({"fields": []}, "fields"),
        ({"colour": "red"}, "the key colour is not known here"),
    ],
)
def test_a_form_that_cannot_work_is_named_with_its_file(
    catalogue: Catalogue, head: dict[str, Any], said: str
) -> None:
    with pytest.raises(DataFault) as fault:
        parsed(catalogue, **head)

    assert said in fault.value.what


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], Catalogue]:
    """A catalogue in which one file of data/entries says something else."""

    def changed(name: str, text: str) -> Catalogue:
        folder = tmp_path / "data"
        skip = shutil.ignore_patterns("store", "samples")
        shutil.copytree(CHECKOUT / "data", folder, ignore=skip)
        (folder / "entries" / name).write_text(text, encoding="utf-8")
        return read_catalogue(folder)

    return changed


def test_a_file_is_named_after_its_kind(own: Callable[[str, str], Catalogue]) -> None:
    text = (CHECKOUT / "data" / "entries" / "agent.toml").read_text(encoding="utf-8")

    with pytest.raises(DataFault, match=r"data/entries/people\.toml, kind"):
        own("people.toml", text)


def test_a_change_in_a_form_changes_the_digest(
    own: Callable[[str, str], Catalogue], catalogue: Catalogue
) -> None:
    text = (CHECKOUT / "data" / "entries" / "agent.toml").read_text(encoding="utf-8")

    changed = own("agent.toml", text.replace('"Name"', '"Called"'))

    assert changed.entry_forms["agent"].field("name").label == "Called"
    assert changed.digest() != catalogue.digest()


def test_what_a_field_asks_for_comes_from_the_model() -> None:
    assert bounds("agent", "place.lat") == (-90, 90)
    assert bounds("challenge", "urgency") == (1, 5)
    assert bounds("agent", "name") == (None, None)
    assert (longest("agent", "name"), longest("agent", "note")) == (400, 10_000)
    assert (required("agent", "name"), required("agent", "place.name")) == (True, False)
    assert (optional("agent", "needs.scaling"), optional("agent", "tier")) == (True, False)
    assert (whole("challenge", "urgency"), whole("agent", "place.lat")) == (True, False)
    assert [
        shape_of(found.annotation) if (found := field_of("initiative", path)) else ""
        for path in ("title", "themes", "start", "tier", "place.lat", "needs", "nothing")
    ] == ["text", "texts", "day", "words", "number", None, ""]


def full(catalogue: Catalogue) -> dict[str, Any]:
    return parse_payload(
        "agent",
        {
            "name": "Casa", "type": "si_lab", "tier": "enriched", "objectives": ["ESO4.1", "own"],
            "place": {"name": "Porto", "lat": 41.15, "lon": -8.6, "nuts_version": "2024"},
            "needs": {"scaling": 0}, "note": "a\n\nb",
        },
    )  # fmt: skip


def test_what_nobody_changed_stays_as_it_was_recorded(catalogue: Catalogue) -> None:
    form, before = catalogue.entry_forms["agent"], full(catalogue)

    made = payload_of(form, fields_of(form, before), before)

    assert made == before


def test_only_what_was_changed_is_set_and_what_has_no_field_is_kept(catalogue: Catalogue) -> None:
    form, before = catalogue.entry_forms["agent"], full(catalogue)
    given = fields_of(form, before) | {"place.name": "Braga", "needs.scaling": "", "type": ""}

    made = payload_of(form, given, before)

    assert made["place"] == {"name": "Braga", "lat": 41.15, "lon": -8.6, "nuts_version": "2024"}
    assert "needs" not in made
    assert "type" not in made
    assert parse_payload("agent", made)["objectives"] == ["ESO4.1", "own"]


def test_an_empty_form_shows_the_defaults_of_the_model(catalogue: Catalogue) -> None:
    empty = fields_of(catalogue.entry_forms["link"], None)

    assert (empty["visibility"], empty["target_kind"], empty["agent"]) == (
        "working_group", "initiative", "",
    )  # fmt: skip


def test_zero_is_shown_and_is_not_nothing(catalogue: Catalogue) -> None:
    form = catalogue.entry_forms["agent"]

    shown = fields_of(form, full(catalogue))

    assert (shown["needs.scaling"], shown["needs.evaluation"]) == ("0", "")


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("name", "", "Name: this is needed."),
        ("name", "x" * 401, "Write at most 400 characters here."),
        ("place.lat", "91", "Write a number with a point, such as 38.72, from -90 to 90."),
        ("place.lat", "38,72", "Write a number with a point, such as 38.72, from -90 to 90."),
        ("needs.scaling", "4", "Write a whole number, from 0 to 3."),
        ("type", "wizard", "“wizard” is none of the choices."),
        ("objectives", ("ESO4.1", "ESO9"), "“ESO9” is none of the choices."),
    ],
)
def test_each_fault_is_told_at_its_field(
    catalogue: Catalogue, path: str, given: Any, said: str
) -> None:
    form = catalogue.entry_forms["agent"]
    payload = payload_of(form, fields_of(form, {"name": "x"}) | {path: given}, {"name": "x"})

    found = faults(
        form, payload, before=None, vocabularies=catalogue.vocabularies, known=lambda *_: True
    )

    assert found == {path: said}


def test_a_code_that_was_there_before_may_stay(catalogue: Catalogue) -> None:
    form, before = catalogue.entry_forms["agent"], full(catalogue)

    words = catalogue.vocabularies
    assert [code for _field, code in strange(form, before, words, before=None)] == ["own"]
    assert list(strange(form, before, words, before=before)) == []


def test_a_link_names_the_kind_of_what_it_leads_to(catalogue: Catalogue) -> None:
    form = catalogue.entry_forms["link"]
    link = {"agent": "a", "kind": "leads", "target": "b", "target_kind": "agent"}

    found = list(dangling(form, link, lambda kind, key: (kind, key) == ("agent", "a"), before=None))

    assert [(one.path, kind, key) for one, kind, key in found] == [("target", "agent", "b")]


@pytest.mark.parametrize("kind", FILES)
def test_an_empty_form_of_each_kind_is_an_entry_or_says_what_it_needs(
    catalogue: Catalogue, kind: str
) -> None:
    form = catalogue.entry_forms[kind]
    payload = payload_of(form, fields_of(form, None), None)

    found = faults(
        form, payload, before=None, vocabularies=catalogue.vocabularies, known=lambda *_: True
    )

    needed = {name for name, field in KINDS[kind].model.model_fields.items() if field.is_required()}
    assert {path.partition(".")[0] for path in found} >= needed or not needed
