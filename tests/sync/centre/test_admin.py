"""The admin page: who gets in, what it shows with which next step, and that nothing of it comes from elsewhere."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from sync.centre.admin import texts
from sync.centre.registry import Enrolment, NewAgency, NewMember
from sync.centre.storage.sessions import Sessions
from tests.support.asking import opened, request
from tests.support.centre import AGENCY, ManualClock
from tests.support.centre_events import arrived
from tests.support.centre_served import Served, served

pytestmark = pytest.mark.parts


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Served]:
    """Return a running centre."""
    with served(str(tmp_path / "centre.db"), tmp_path) as running:
        yield running


@pytest.fixture
def browser(centre: Served) -> Iterator[httpx2.Client]:
    """Return a browser that is signed in."""
    with opened(base_url=centre.url, follow_redirects=True) as client:
        client.post("/admin/in", data={"word": centre.registry.sessions.link()})
        yield client


def test_without_a_link_nobody_sees_anything(centre: Served) -> None:
    for path in ("/admin/", "/admin"):
        answer = request("GET", f"{centre.url}{path}", follow_redirects=True)
        assert answer.status_code == 403
        assert AGENCY.name not in answer.text


def test_a_link_works_once_and_looking_at_it_does_not_use_it_up(centre: Served) -> None:
    word = centre.registry.sessions.link()
    for _ in range(2):
        seen = request("GET", f"{centre.url}/admin/in/{word}")
        assert (seen.status_code, AGENCY.name in seen.text) == (200, False)
    first, second = (request("POST", f"{centre.url}/admin/in", data={"word": word}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 403)
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_link_and_a_session_end(centre: Served) -> None:
    clock = ManualClock()
    sessions = Sessions(centre.registry.people, clock)
    late = sessions.link()
    clock.advance(15 * 60 + 1)
    assert sessions.enter(late) is None
    word = sessions.enter(sessions.link())
    assert word is not None
    assert sessions.is_open(word)
    clock.advance(timedelta(hours=8, seconds=1).total_seconds())
    assert not sessions.is_open(word)


def test_seats_used_and_applied_for_approvals_houses_and_doubts_are_shown(
    centre: Served, browser: httpx2.Client
) -> None:
    people = (NewMember("m1", "Ett", AGENCY.id), NewMember("m2", "Två <b>Sökt</b>", AGENCY.id, approved=False))
    centre.registry.enrol(Enrolment(agencies=(NewAgency("full", "Fullverket", 0),), members=people))
    centre.registry.enrol(Enrolment(members=(NewMember("m3", "Tre", "full"),)))
    gone = centre.registry.clock().wall - timedelta(days=400)
    centre.registry.enrol(Enrolment(members=(NewMember("m000009", "Nio", AGENCY.id, revoked_at=gone),)))
    health = '{"version": "0.1.0", "queue": 3, "quarantine": 2, "clock": "synced", "roster_age_s": 7200}'
    centre.house().tell(arrived(1, number=9), arrived(1, number=4, identifier="twin"), **{"Samverk-House": health})
    centre.registry.report()
    text = browser.get("/admin/").text
    assert "Två &lt;b&gt;Sökt&lt;/b&gt;" in text
    assert texts.NOT_APPROVED.sv in text
    row = re.search(r"Fullverket</td><td>0</td>\s*<td class=\"wrong\">1</td><td>0</td>", text)
    assert row is not None
    assert re.search(rf"{AGENCY.name}</td><td>{AGENCY.seats}</td>\s*<td>2</td><td>1</td>", text)
    assert "rights ended at" in text
    assert texts.FINDINGS["fork"].sv in text
    assert '<td class="wrong">2</td>' in text
    for name in ("approvals", "agencies", "houses", "disputes", "findings"):
        assert texts.PARTS[name].step.sv in text
        assert texts.PARTS[name].step.en.replace("'", "&#39;") in text
    assert texts.PARTS["overlaps"].none.sv in text


def test_approving_lets_the_member_in(centre: Served, browser: httpx2.Client) -> None:
    centre.registry.enrol(Enrolment(members=(NewMember("m2", "Sökt", AGENCY.id, approved=False),)))
    house = centre.house()
    assert house.get("/scim/v2/Users/m2").json()["active"] is False
    proof = re.findall(r'name="proof" value="([0-9a-f]+)"', browser.get("/admin/").text)[0]
    assert browser.post("/admin/approve", data={"proof": "guess", "member": "m2"}).status_code == 403
    assert house.get("/scim/v2/Users/m2").json()["active"] is False
    assert browser.post("/admin/approve", data={"proof": proof, "member": "m2"}).status_code == 200
    assert house.get("/scim/v2/Users/m2").json()["active"] is True


def test_signing_out_ends_the_session(browser: httpx2.Client) -> None:
    proof = re.findall(r'name="proof" value="([0-9a-f]+)"', browser.get("/admin/").text)[0]
    browser.post("/admin/out", data={"proof": proof})
    assert browser.get("/admin/").status_code == 403


def test_the_page_asks_for_nothing_from_elsewhere(browser: httpx2.Client) -> None:
    answer = browser.get("/admin/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'nonce-")
    assert not re.search(r"(src|href)=|url\(|<script|http", answer.text)
    nonce = re.findall(r"nonce-([^']+)'", policy)[0]
    assert f'<style nonce="{nonce}">' in answer.text


def test_every_text_is_in_both_languages() -> None:
    parts = [text for part in texts.PARTS.values() for text in part]
    for one in (*parts, *texts.FINDINGS.values(), texts.NOT_APPROVED, texts.APPROVE, texts.ENTER, texts.DEAD_LINK):
        assert one.sv
        assert one.en
        assert one.sv != one.en
