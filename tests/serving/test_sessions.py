"""Signing in, signing out, and what is left of a page when its person is gone."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
import websocket
from visitor import FORM, PASSWORD, Site, Visitor


def _eventually(check: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.25)
    return False


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    visitor = Visitor(site.port)

    answer = visitor.sign_in("ana")

    line = next(one for one in answer.cookies if one.startswith("ncc_session="))
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Secure" not in line  # plain http here; behind https it is


def test_a_person_changes_the_password_and_is_signed_out_elsewhere(site: Site) -> None:
    here, elsewhere = Visitor(site.port), Visitor(site.port)
    for one in (here, elsewhere):
        assert one.sign_in("rea").status == 303

    wrong = here.send("/password", current="not this one", password="another horse battery")
    short = here.send("/password", current=PASSWORD, password="short")
    done = here.send("/password", current=PASSWORD, password="another horse battery")

    assert (wrong.status, short.status, done.status) == (403, 403, 303)
    assert "Your password is changed" in here.ask("/password?done=1").text
    assert elsewhere.ask("/").status == 302
    assert Visitor(site.port).sign_in("rea").status == 403
    back = here.send("/password", current="another horse battery", password=PASSWORD)
    assert back.status == 303


def test_a_link_by_command_lets_in_once(site: Site) -> None:
    words = [sys.executable, "-m", "ncc_kernel.cli.app", "user", "link", "rea"]
    done = subprocess.run(
        [*words, "--address", "https://ncc.example.org"],
        env={"NCC_HOME": str(site.root), "PATH": ""},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    address = done.stdout.strip()
    assert address.startswith("https://ncc.example.org/first?key=")
    key = address.partition("key=")[2]
    first, second = Visitor(site.port), Visitor(site.port)

    assert first.send("/first", key=key, password=PASSWORD).status == 303
    assert second.send("/first", key=key, password=PASSWORD).status == 403
    assert first.ask("/").status == 200


def test_asking_when_a_session_ends_is_no_sign_of_life(site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.sign_in("coo")

    told = json.loads(visitor.ask("/session").body)

    assert 3500 < told["seconds"] <= 3600
    assert told["warned"] == 300
    assert visitor.ask("/session", method="POST", body="a=b").status == 403
    assert visitor.send("/session").status == 200
    assert Visitor(site.port).ask("/session").status in {302, 403}


def test_ten_wrong_passwords_bring_a_wait_and_always_the_same_sentence(
    site: Site,
) -> None:
    visitor = Visitor(site.port)

    answers = [visitor.sign_in("rui", "wrong horse battery") for _ in range(10)]
    right = visitor.sign_in("rui")
    unknown = visitor.sign_in("nobody at all")

    said = {
        re.search(r'role="alert".*?</div>', one.text, re.DOTALL)[0]
        for one in [*answers, right, unknown]
    }  # type: ignore[index]
    assert len(said) == 1
    assert {one.status for one in [*answers, right, unknown]} == {403}


def test_forged_headers_of_a_proxy_are_not_believed(site: Site) -> None:
    visitor = Visitor(site.port)
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.1", "X-Scheme": "https"}
    token = visitor.ask("/signin").xsrf
    body = f"_xsrf={token.replace('|', '%7C')}&name=ana&password=correct+horse+battery"

    answer = visitor.ask("/signin", method="POST", body=body, headers=forged)

    assert answer.status == 303
    assert not any("Secure" in one for one in answer.cookies)
    assert Visitor(site.port).ask("/", headers={"X-Remote-User": "coo"}).status == 302


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(site: Site, onward: str) -> None:
    visitor = Visitor(site.port)

    answer = visitor.send("/signin", name="ana", password="correct horse battery", next=onward)

    assert answer.headers["Location"] == "/"


def test_signing_out_ends_session_websocket_and_kernel_at_once(site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.sign_in("ana")
    kernel = visitor.open_form("PT")
    line = visitor.tie(kernel)
    stolen = dict(visitor.cookies)

    visitor.send("/signout")

    thief = Visitor(site.port, stolen)
    assert thief.ask("/").status == 302
    assert thief.ask(FORM.format("PT")).status == 302
    with pytest.raises(websocket.WebSocketBadStatusException):
        thief.tie(kernel)
    assert _eventually(lambda: _is_closed(line), 5)


def test_a_closed_page_leaves_no_kernel(site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.sign_in("ana")
    kernel = visitor.open_form("PT")
    visitor.tie(kernel).close()

    assert visitor.ask(f"/api/kernels/{kernel}").status == 200
    assert _eventually(lambda: visitor.ask(f"/api/kernels/{kernel}").status == 404)


def test_a_page_without_a_form_keeps_no_kernel_at_all(site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.sign_in("ana")

    kernel = visitor.ask("/w/00_programme?country=PT&cycle=2024-1&mode=brief").kernel

    assert _eventually(lambda: visitor.ask(f"/api/kernels/{kernel}").status == 404, 3)


def test_sigterm_ends_the_server_cleanly(start_site: Callable[[], Site]) -> None:
    site = start_site()
    visitor = Visitor(site.port)
    visitor.sign_in("ana")
    visitor.tie(visitor.open_form("PT"))

    site.process.send_signal(signal.SIGTERM)

    assert site.process.wait(15) == 0


def _is_closed(line: websocket.WebSocket) -> bool:
    try:
        return line.recv() == ""
    except (websocket.WebSocketException, OSError):
        return True
