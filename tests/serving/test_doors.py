"""Roles by routes by other people's ids: each is refused as it should be."""

import json
import re
import time
from contextlib import suppress

import pytest
import websocket
from visitor import FORM, Answer, Site, Visitor, message

from ncc_kernel.store.log import Store

PROGRAMME = "/w/00_programme?country={}&cycle=2024-1"
PAGES = {
    "/": {"ana": 200, "rui": 200, "eva": 200, "coo": 200, "rea": 200, "stranger": 302},
    FORM.format("PT"): {"rui": 200, "eva": 403, "rea": 403, "coo": 200, "stranger": 302},
    FORM.format("PT") + "&mode=brief": {"eva": 403, "rea": 403, "stranger": 302},
    "/w/02_ecosystem_mapping?country=PT&cycle=2024-1": {"eva": 403, "rea": 403, "stranger": 302},
    PROGRAMME.format("PT"): {"eva": 200, "stranger": 302},
    "/files/PT/2024-1/answers.xlsx": {
        "ana": 200,
        "rui": 200,
        "coo": 200,
        "eva": 403,
        "rea": 403,
        "stranger": 302,
    },
    "/reports/2024-1/PT/brief.html": {"ana": 200, "eva": 200, "rea": 200, "stranger": 302},
    "/reports/2024-1/PT/01_self_assessment.html": {
        "ana": 200,
        "coo": 200,
        "eva": 403,
        "rea": 403,
        "stranger": 302,
    },
    "/healthz": {"stranger": 200, "ana": 200},
    "/voila/files/00_programme.ipynb": {"ana": 404, "stranger": 404},
    "/voila/render/00_programme.ipynb": {"ana": 404, "stranger": 404},
    "/api/contents": {"coo": 404, "stranger": 404},
    "/api/kernels": {"coo": 404, "stranger": 404},
    "/login": {"stranger": 404},
}
MATRIX = [(path, who, status) for path, row in PAGES.items() for who, status in row.items()]


@pytest.mark.parametrize(("path", "who", "status"), MATRIX)
def test_each_role_sees_what_is_its_own(
    people: dict[str, Visitor], path: str, who: str, status: int
) -> None:
    answer = people[who].ask(path)

    assert answer.status == status, answer.text[:300]


@pytest.mark.parametrize("who", ["eva", "rui", "coo", "rea", "stranger"])
def test_a_kernel_is_nobody_elses(people: dict[str, Visitor], kernel: str, who: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        people[who].tie(kernel)

    assert refused.value.status_code == 403
    assert people[who].ask(f"/api/kernels/{kernel}").status in (302, 404)


def test_a_kernel_is_its_openers(people: dict[str, Visitor], kernel: str) -> None:
    people["ana"].tie(kernel).close()

    assert people["ana"].ask(f"/api/kernels/{kernel}").status == 200


def test_a_lookalike_origin_opens_no_websocket(people: dict[str, Visitor], kernel: str) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException):
        people["ana"].tie(kernel, origin="http://127.0.0.1.example.org")


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT"])
def test_a_kernel_cannot_be_managed(people: dict[str, Visitor], kernel: str, method: str) -> None:
    answer = people["ana"].ask(f"/api/kernels/{kernel}", method=method, body="")

    assert answer.status in (403, 405)
    assert people["ana"].ask(f"/api/kernels/{kernel}").status == 200


@pytest.mark.parametrize("channel", ["shell", "control", "stdin", "iopub"])
@pytest.mark.parametrize(
    "kind", ["execute_request", "debug_request", "shutdown_request", "input_reply", "comm_open"]
)
def test_a_browser_never_makes_a_kernel_run_code(
    site: Site, people: dict[str, Visitor], kernel: str, kind: str, channel: str
) -> None:
    made = site.root / "made-by-a-browser"
    content = {
        "code": f"open({str(made)!r}, 'w')",
        "silent": False,
        "store_history": False,
        "comm_id": "x",
        "target_name": "jupyter.widget",
        "data": {},
    }
    line = people["ana"].tie(kernel)

    line.send(message(kind, content, channel=channel))
    line.send(message("kernel_info_request", {}))

    assert "kernel_info_reply" in _until(line, "kernel_info_reply")
    assert not made.exists()
    line.close()


def test_a_page_hears_what_widgets_say_and_nothing_else_of_the_kernel(
    people: dict[str, Visitor], kernel: str
) -> None:
    line = people["ana"].tie(kernel)
    line.settimeout(2)
    line.send(message("kernel_info_request", {}))

    heard = set()
    with suppress(websocket.WebSocketTimeoutException):
        while True:  # the kernel says on the same line that it is busy, and that it is done
            heard.add(json.loads(line.recv())["header"]["msg_type"])

    assert heard == {"kernel_info_reply"}
    line.close()


def test_the_form_s_first_words_come_with_its_page(people: dict[str, Visitor]) -> None:
    page = people["ana"].ask(FORM.format("PT"))

    widget = re.search(r'data-widget="([^"]+)"', page.text)
    assert widget is not None
    said = re.search(rf'id="said-{widget[1]}">(.*?)</script>', page.text, re.DOTALL)
    assert said is not None
    everything = json.loads(said[1])[0]
    assert everything["is"] == "all"
    assert everything["country"] == "PT"
    assert everything["values"]["D1.1"]["fields"]["answer"] in set("012345")


def test_every_post_needs_the_pages_own_value(people: dict[str, Visitor]) -> None:
    for path in ("/signout", "/files/PT/2024-1/upload", "/signin"):
        assert people["rui"].ask(path, method="POST", body="a=b").status == 403

    assert people["rui"].ask("/").status == 200


BAD = ["../", "..%2f", "%2e%2e%2f", "..%5c", "%00", "%2500", "../site-evil/", "%2e%2e/%2e%2e/"]
ROUTES = [
    *("/{}etc/passwd", "/static/{}app.py", "/static/0123456789abcdef/{}app.py"),
    *("/w/{}01_self_assessment?country=PT&cycle=2024-1", "/w/01_self_assessment{}"),
    *("/files/{}PT/2024-1/answers.xlsx", "/files/PT/{}/answers.xlsx"),
    *("/reports/{}2024-1/PT/brief.html", "/reports/2024-1/PT/{}ledger.json"),
    *("/reports/2024-1/PT/{}brief.html", "/api/kernels/{}/channels", "/healthz{}"),
]


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_is_left_by_dots_slashes_or_nothing(
    people: dict[str, Visitor], route: str
) -> None:
    for bad in BAD:
        answer = people["coo"].ask(route.format(bad))

        assert answer.status in (400, 404), f"{route.format(bad)} is {answer.status}"
        assert b"root:" not in answer.body


WRONG = {
    "": "No country is given.",
    "country=PT": "No cycle is given.",
    "country=PT&cycle=1999-1": "&#39;1999-1&#39; is not a cycle of this workbook.",
    "country=pt&cycle=2024-1": "&#39;pt&#39; is not a country of this workbook.",
    "country=PT%0a&cycle=2024-1": "&#39;PT\\n&#39; is not a country of this workbook.",
    "country=PT&country=ES&cycle=2024-1": "&#39;country&#39; is given 2 times.",
    "country=PT&cycle=2024-1&mode=admin": "&#39;admin&#39; is not a mode of this workbook.",
    "country=PT&cycle=2024-1&template=lab": "&#39;template&#39; is not a parameter of a workbook.",
}


@pytest.mark.parametrize("query", WRONG)
def test_a_bad_parameter_is_a_sentence_and_never_a_default(
    people: dict[str, Visitor], query: str
) -> None:
    answer = people["ana"].ask(f"/w/00_programme?{query}")

    assert (answer.status, answer.heading) == (400, WRONG[query])


def test_another_country_is_shown_as_a_brief_and_never_as_a_form(
    people: dict[str, Visitor],
) -> None:
    own, other = (people["ana"].ask(PROGRAMME.format(code)).text for code in ("PT", "ES"))

    assert "Portugal" in own
    assert "Spain" in other
    assert "<details open" in own
    assert "<details open" not in other


@pytest.mark.parametrize("path", ["/", "/signin", "/nothing", PROGRAMME.format("PT")])
def test_every_page_names_no_third_party_and_stays_out_of_frames(
    people: dict[str, Visitor], path: str
) -> None:
    answer = people["ana"].ask(path)
    policy = answer.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_published_brief_is_sandboxed(people: dict[str, Visitor]) -> None:
    answer = people["ana"].ask("/reports/2024-1/PT/brief.html")

    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_static_files_are_kept_by_browsers_and_packed(people: dict[str, Visitor]) -> None:
    name = people["ana"].ask("/").text.split('href="/static/')[1].split('"')[0]

    answer = people["stranger"].ask(f"/static/{name}", headers={"Accept-Encoding": "gzip"})

    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "gzip"


def test_the_sheet_comes_back_with_a_report_and_conflicts_are_named(
    site: Site, people: dict[str, Visitor]
) -> None:
    sheet = people["ana"].ask("/files/PT/2024-1/answers.xlsx").body

    report = _upload(people["ana"], "PT", "filled.xlsx", sheet)

    assert report.status == 200
    assert "0 new, 0 changed" in report.text
    assert _upload(people["eva"], "PT", "filled.xlsx", sheet).status == 403
    assert _upload(people["ana"], "PT", "filled.exe", sheet).status == 400
    assert _upload(people["ana"], "PT", "filled.xlsx", b"MZ").status == 400


def test_a_csv_cannot_write_for_another_country(site: Site, people: dict[str, Visitor]) -> None:
    rows = b"country,cycle,key,state,level\nES,2024-1,D1.1,level,0\n"
    with Store(site.url) as store:
        before = store.last_seq()

        answer = _upload(people["ana"], "PT", "other.csv", rows)

        assert store.last_seq() == before, answer.text


def _upload(visitor: Visitor, country: str, name: str, content: bytes) -> Answer:
    token = visitor.ask("/").xsrf
    edge = "edge0123456789"
    body = (
        (
            f'--{edge}\r\nContent-Disposition: form-data; name="_xsrf"\r\n\r\n{token}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        ).encode()
        + content
        + f"\r\n--{edge}--\r\n".encode()
    )
    kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    return visitor.ask(f"/files/{country}/2024-1/upload", method="POST", body=body, headers=kind)


def _until(line: websocket.WebSocket, kind: str) -> str:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        said = json.loads(line.recv())
        if said["header"]["msg_type"] == kind:
            return kind
    return ""
