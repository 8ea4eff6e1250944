"""The map out and in again, in each format: the same record, valid files, and nothing private."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert
from shapely.geometry import shape

from ncc_kernel.model.kinds import parse_payload
from ncc_kernel.model.revision import EVERY_CYCLE, Draft, Payload, Revision
from ncc_kernel.store.candidates import Batch, from_jsonl
from ncc_kernel.store.catalogue import Catalogue
from ncc_kernel.store.columns import MAP_KINDS
from ncc_kernel.store.exports import to_jsonl
from ncc_kernel.store.geojson import from_geojson, to_geojson
from ncc_kernel.store.imports import Report
from ncc_kernel.store.kumu import (
    from_blueprint,
    from_kumu_xlsx,
    to_blueprint,
    to_kumu_xlsx,
)
from ncc_kernel.store.log import Store
from ncc_kernel.store.readers import for_readers, read_for_readers
from ncc_kernel.store.xlsform import FIELD_KINDS, kobo_mapping, named, to_xlsform

NOW = datetime(2024, 5, 6, tzinfo=UTC)
Take = Callable[..., Report]


def revision(
    kind: str, key: str, payload: Payload, *, seq: int = 7, country: str = "PT"
) -> Revision:
    recorded = parse_payload(kind, payload)
    return Revision(seq, NOW, "ana", country, EVERY_CYCLE, kind, key, None, recorded)


def map_of(text: str, **place: Any) -> list[Revision]:
    """One entry of each kind of the map, with the text wherever people can type."""
    both = {"source": text, "note": text}
    return [
        revision("challenge", "c1", both | {"title": text, "urgency": 4, "csr": text}, seq=2),
        revision("agent", "a1", both | {"name": text, "place": place, "type": "ngo", "objectives": ["ESO4.1", "ESO4.8"], "needs": {"scaling": 0}}, seq=3),
        revision("initiative", "i1", both | {"title": text, "themes": [text, "b"], "start": "2024-02-03", "challenges": ["c1"], "visibility": "public", "innovative": False}, seq=4),
        revision("link", "l1", both | {"agent": "a1", "target": "i1", "kind": "leads", "strength": 2}, seq=5),
    ]  # fmt: skip


OUT_AND_IN: dict[str, tuple[str, Callable[..., str | bytes], Callable[..., None]]] = {
    "geojson": (".geojson", to_geojson, lambda *a: from_geojson(*a, kind=None, defaults={})),
    "blueprint": (".json", to_blueprint, lambda *a: from_blueprint(*a, defaults={})),
    "kumu": (".xlsx", to_kumu_xlsx, lambda *a: from_kumu_xlsx(*a, defaults={})),
    "jsonl": (".jsonl", lambda entries, _: to_jsonl(entries), from_jsonl),
}

TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() and all(c in "\t\n" or c.isprintable() for c in text))
DEGREES = st.floats(-90, 90, allow_nan=False) | st.integers(-90, 90)
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT,
        "nuts": st.sampled_from(["PT11", "PT17", "PT170", "PT"]),
        "precision": st.sampled_from(["point", "nuts3", "nuts2", "nuts0"]),
        "lat": DEGREES,
        "lon": DEGREES,
    },
)


@pytest.mark.parametrize("format_", OUT_AND_IN)
@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(text=TEXT, place=PLACES)
def test_what_goes_out_comes_back_the_same(
    format_: str, tmp_path: Path, catalogue: Catalogue, text: str, place: dict[str, Any]
) -> None:
    ending, out, back = OUT_AND_IN[format_]
    entries, path, batch = map_of(text, **place), tmp_path / f"map{ending}", Batch()

    written = out(entries, catalogue)
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    back(path, path.name, batch)

    assert batch.refused == []
    found = {(one.kind, one.key): one for one in batch.candidates}
    for entry in entries:
        one = found[entry.kind, entry.key]
        assert parse_payload(one.kind, one.payload or {}) == entry.payload
        assert (one.country, one.base, one.notes) == ("PT", entry.seq, ())


@pytest.mark.parametrize("format_", OUT_AND_IN)
def test_an_export_of_the_record_changes_nothing_when_it_comes_back(
    format_: str, take: Take, lite: Store, catalogue: Catalogue, tmp_path: Path
) -> None:
    ending, out, _ = OUT_AND_IN[format_]
    drafts = [Draft(*_place(one), None, one.payload) for one in map_of("=1+1", name="Lisboa")]
    lite.append(drafts, author="ana", at=NOW)
    entries = [one for kind in MAP_KINDS for one in lite.current(kind)]
    path = tmp_path / f"map{ending}"
    written = out(entries, catalogue)
    path.write_bytes(written if isinstance(written, bytes) else written.encode())

    done = take(path)

    [counts] = done.files
    assert (counts.rows, counts.unchanged, counts.refused) == (4, 4, 0)
    assert done.unreadable == ()


def _place(one: Revision) -> tuple[str, str, str, str]:
    return one.country, one.cycle, one.kind, one.key


@pytest.mark.parametrize(
    ("place", "point", "approximate"),
    [
        ({"lat": 38.72, "lon": -9.14, "precision": "point"}, (-9.14, 38.72), False),
        ({"lat": 38.72, "lon": -9.14, "precision": "nuts3"}, (-9.14, 38.72), True),
        ({"name": "Porto", "nuts": "PT112", "precision": "nuts3"}, "PT11", True),
        ({"name": "somewhere"}, "PT", True),
        ({}, None, None),
    ],
)
def test_a_point_is_only_as_precise_as_the_place_is_known(
    catalogue: Catalogue,
    place: dict[str, Any],
    point: tuple[float, float] | str | None,
    approximate: bool | None,  # noqa: FBT001
) -> None:
    agent = revision("agent", "a1", {"name": "A", "place": place})

    [feature] = json.loads(to_geojson([agent], catalogue))["features"]

    assert feature["properties"].get("approximate") == approximate
    if point is None:
        assert feature["geometry"] is None
        return
    found = shape(feature["geometry"])
    assert found.is_valid
    if isinstance(point, str):
        box = next(
            one.box for one in (*catalogue.regions(), *catalogue.outlines()) if one.code == point
        )
        assert box[0] <= found.x <= box[2]
        assert box[1] <= found.y <= box[3]
    else:
        assert (found.x, found.y) == point


def test_geojson_has_code_and_label_side_by_side_and_the_guides_version(
    catalogue: Catalogue,
) -> None:
    agent = revision("agent", "a1", {"name": "A", "type": "ngo", "objectives": ["ESO4.1"]})

    [feature] = json.loads(to_geojson([agent], catalogue))["features"]

    said = feature["properties"]
    assert (said["type"], said["type (label)"]) == ("ngo", "Association or NGO")
    assert said["objectives (label)"] == "Access to employment"
    assert said["guide"] == catalogue.guide.version
    assert feature["id"] == "PT/agent/a1"


def test_a_point_moved_on_a_map_is_taken(catalogue: Catalogue, tmp_path: Path) -> None:
    place = {"lat": 38.0, "lon": -9.0, "precision": "point"}
    whole = json.loads(
        to_geojson([revision("agent", "a1", {"name": "A", "place": place})], catalogue)
    )
    whole["features"][0]["geometry"]["coordinates"] = [-8.5, 38.5]
    path, batch = tmp_path / "m.geojson", Batch()
    path.write_text(json.dumps(whole))

    from_geojson(path, path.name, batch, kind=None, defaults={})

    assert (batch.candidates[0].payload or {})["place"] == {
        "lat": 38.5, "lon": -8.5, "precision": "point"
    }  # fmt: skip


def test_kumu_gets_the_names_that_it_reads(catalogue: Catalogue, tmp_path: Path) -> None:
    entries = map_of("Casa Aberta", name="Porto")
    book = openpyxl.load_workbook(io.BytesIO(to_kumu_xlsx(entries, catalogue)))
    blueprint = json.loads(to_blueprint(entries, catalogue))

    heads = {sheet.title: [cell.value for cell in next(sheet.iter_rows())] for sheet in book}

    assert heads["Elements"][:5] == ["ID", "Label", "Type", "Description", "Tags"]
    assert heads["Connections"][:5] == ["ID", "From", "To", "Type", "Direction"]
    tags = book["Elements"].cell(3, 5).value
    assert tags == "PT|Association or NGO|ESO4.1|ESO4.8"
    ids = {one["id"] for one in blueprint["elements"]}
    assert ids == {"challenge:PT:c1", "agent:PT:a1", "initiative:PT:i1"}
    ties = {(one["from"], one["to"], one["type"]) for one in blueprint["connections"]}
    assert ties == {
        ("agent:PT:a1", "initiative:PT:i1", "Leads"),
        ("initiative:PT:i1", "challenge:PT:c1", "works on"),
    }


def test_what_was_made_in_kumu_is_named_and_the_rest_taken(
    catalogue: Catalogue, take: Take, lite: Store, tmp_path: Path
) -> None:
    blueprint = json.loads(to_blueprint(map_of("A"), catalogue))
    blueprint["elements"].append({"label": "Drawn by hand", "type": "Agent"})
    for row in (*blueprint["elements"], *blueprint["connections"]):
        row.pop("ncc seq", None)
    path = tmp_path / "k.json"
    path.write_text(json.dumps(blueprint))

    done = take(path)

    assert [(one.name, one.reason[:23]) for one in done.refused] == [
        ("Drawn by hand", "It was made in Kumu and")
    ]
    assert {one.kind for one in lite.current()} == {*MAP_KINDS, "origin"}


@pytest.mark.parametrize("kind", FIELD_KINDS)
def test_a_form_for_the_field_is_valid(kind: str, catalogue: Catalogue) -> None:
    hostile = map_of("${name} <b> & \"'", name="x")

    made = convert(to_xlsform(kind, catalogue, hostile, country="PT"), file_type=".xlsx")

    assert made.warnings == []
    assert f"ncc_{kind}" in made.xform
    for field in catalogue.entry_forms[kind].fields:
        if field.path not in ("place.lat", "place.lon"):
            assert f"/{named(field.path)}" in made.xform, field.path


KOBO = "_id;_uuid;ncc_kind;ncc_guide;country;name;type;objectives;place__name;_place__point_latitude;_place__point_longitude;needs__scaling\n"


def test_answers_from_the_field_come_back_once(take: Take, lite: Store, tmp_path: Path) -> None:
    path = tmp_path / "kobo.csv"
    rows = '41;u-1;agent;0.1;PT;"Casa; Aberta";ngo;ESO4.1 ESO4.8;Lisboa;38.72;-9.14;2\n42;u-2;agent;0.1;XX;Nowhere;ngo;;;;;\n'
    path.write_text(KOBO + rows, encoding="utf-8")

    first, second = take(path), take(path)

    [agent] = lite.current("agent")
    assert (agent.country, agent.key) == ("PT", "kobo:41")
    assert agent.payload == {
        "name": "Casa; Aberta", "type": "ngo", "objectives": ["ESO4.1", "ESO4.8"],
        "place": {"name": "Lisboa", "lat": 38.72, "lon": -9.14, "precision": "point"},
        "needs": {"scaling": 2},
    }  # fmt: skip
    assert [(one.line, one.name) for one in first.refused] == [(3, "Nowhere")]
    assert (first.files[0].new, second.files[0].new, second.files[0].unchanged) == (1, 0, 1)


@pytest.mark.parametrize("kind", FIELD_KINDS)
def test_every_question_of_the_field_comes_back_to_its_field(
    kind: str, catalogue: Catalogue
) -> None:
    form = catalogue.entry_forms[kind]
    columns = {named(one.path) for one in form.fields} | {
        "_place__point_latitude", "_place__point_longitude"
    }  # fmt: skip

    taken = kobo_mapping(form, columns)

    assert set(taken.columns) == {one.path for one in form.fields}


def test_nothing_private_goes_out_nor_any_trace_of_it(catalogue: Catalogue) -> None:
    entries = [
        revision("challenge", "c1", {"title": "Hidden", "visibility": "private"}, seq=2),
        revision("agent", "a1", {"name": "Hidden too", "visibility": "private"}, seq=3),
        revision("agent", "a2", {"name": "Open", "visibility": "public"}, seq=4),
        revision("initiative", "i1", {"title": "I", "challenges": ["c1"]}, seq=5),
        revision("link", "l1", {"agent": "a1", "target": "i1", "kind": "leads"}, seq=6),
        revision("link", "l2", {"agent": "a2", "target": "i1", "kind": "leads"}, seq=7),
    ]

    group = for_readers(entries, "working_group", catalogue.entry_forms)
    public = for_readers(entries, "public", catalogue.entry_forms)

    assert [one.key for one in group] == ["a2", "i1", "l2"]
    assert [one.payload for one in group if one.key == "i1"] == [{"title": "I"}]
    assert [one.key for one in public] == ["a2"]
    assert for_readers(entries, "all", catalogue.entry_forms) == tuple(entries)


def test_a_link_to_a_private_agent_stays_when_links_alone_go_out(
    lite: Store, catalogue: Catalogue
) -> None:
    said: list[tuple[str, str, str, dict[str, Any]]] = [
        ("FR", "agent", "a1", {"name": "Hidden", "visibility": "private"}),
        ("PT", "agent", "a2", {"name": "Open"}),
        ("PT", "link", "l1", {"agent": "a2", "target": "a1", "target_kind": "agent", "kind": "funds"}),
    ]  # fmt: skip
    drafts = [Draft(country, EVERY_CYCLE, kind, key, None, of) for country, kind, key, of in said]
    lite.append(drafts, author="ana", at=NOW)

    def keys(circle: str) -> list[str]:
        forms = catalogue.entry_forms
        return [one.key for one in read_for_readers(lite, ["link"], circle, forms, country="PT")]

    assert (keys("working_group"), keys("all")) == ([], ["l1"])


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("m.geojson", "{", "is not JSON"),
        ("m.geojson", '{"type": "Point"}', "no collection of features"),
        ("k.json", "[1]", "no blueprint"),
        ("k.json", '{"elements": 3}', "no blueprint"),
    ],
)
def test_what_is_no_map_is_said(
    take: Take, tmp_path: Path, name: str, text: str, reason: str
) -> None:
    path = tmp_path / name
    path.write_text(text)

    done = take(path)

    assert [reason in fault.what for fault in done.unreadable] == [True]


def test_a_bad_feature_is_named_and_the_others_are_taken(
    take: Take, lite: Store, tmp_path: Path
) -> None:
    good = {"kind": "agent", "country": "PT", "key": "a1", "name": "A"}
    bad: list[Any] = [
        {"type": "Feature", "properties": None, "geometry": None},
        7,
        {"properties": good | {"key": "a2", "country": "GR\n", "name": "\u202eB"}},
        {"properties": good | {"key": "a3", "kind": "dragon"}},
        {"properties": good | {"key": "a4", "needs.scaling": "NaN"}},
        {"properties": good | {"key": "../a5"}},
        {"properties": good | {"key": "a6", "place.lat": 1e308, "place.lon": 0}},
    ]
    features = [{"type": "Feature", "properties": good}, *bad]
    path = tmp_path / "m.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    done = take(path)

    assert {one.key for one in lite.current("agent")} >= {"a1"}
    assert {one.line for one in done.refused} >= {2, 3, 5, 6, 7}
    assert done.unreadable == ()
