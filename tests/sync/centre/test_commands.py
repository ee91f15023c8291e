"""`samverk centre` fills and asks a centre: every subcommand on a real database."""

import json
from pathlib import Path

import pytest

from deploy.command import main
from kiosk.tools.clock import SystemClock
from kiosk.tools.ids import Ids
from sync.centre.importing import read_csv
from sync.centre.registry import Registry
from sync.centre.storage.room import CentreError
from sync.centre.storage.tokens import Role
from tests.support.centre import SITE, badge_key

HEAD = "id,name,agency,badge,key_version,valid_until"


@pytest.fixture
def database(in_memory: Path) -> str:
    """Return the address of a file with one agency."""
    address = str(in_memory / "centre.db")
    assert main(["centre", "add-agency", "a", "A-verket", "--seats", "3", "--database", address]) == 0
    return address


def run(database: str, *words: str) -> int:
    """Run `samverk centre`."""
    return main(["centre", *words, "--database", database])


def csv_file(folder: Path, text: str) -> str:
    """Return the path of a CSV file with that text."""
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_preview_says_what_would_change_and_changes_nothing(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv_file(tmp_path, f"{HEAD}\nm1,Åsa,a,{badge_key(1)},1,2027-01-01\nm2,Bo,a,,,\n")
    assert run(database, "import", file, "--preview") == 0
    assert "members: 2 new, 0 changed, 0 unchanged" in capsys.readouterr().out
    assert run(database, "report", "--json") == 0
    assert json.loads(capsys.readouterr().out)["members"] == 0
    assert run(database, "import", file) == 0
    capsys.readouterr()
    other = csv_file(tmp_path, f"{HEAD}\nm1,Åsa,a,{badge_key(1)},1,2027-01-01\nm2,Bosse,a,,,\nm3,Cia,x,,,\n")
    assert run(database, "import", other, "--preview") == 0
    told = capsys.readouterr().out
    assert "members: 1 new, 1 changed, 1 unchanged" in told
    assert "there is no agency x" in told
    assert run(database, "import", other) == 1


def test_a_spreadsheets_semicolons_and_several_badges_of_one_member_are_understood() -> None:
    text = f"id;name;agency;badge\nm1;Åsa;a;{badge_key(1)}\nm1;Åsa;a;{badge_key(2)}\nm2;Bo;a;\n"
    first, second = read_csv(text.encode("utf-8-sig")).members
    assert [one.key for one in first.badges] == [badge_key(1), badge_key(2)]
    assert (second.name, second.badges) == ("Bo", ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}\nm 1,Namn,a,,,\n", "line 2"),
        (f"{HEAD}\nm1,,a,,,\nm2,Namn,a,04A1B2,1,\n", "line 3"),
        (f"{HEAD}\nm1,Namn,a,,,i går\n", "line 2"),
        (f"{HEAD}\nm1,Namn,a,,,,,\n", "more values"),
        (f"{HEAD}\nm1,Namn,a,,,\nm1,Annat,a,,,\n", "twice"),
        ("id,name,agency,zone\nm1,Namn,a,x\n", "columns"),
        ("id,name\nm1,Namn\n", "columns"),
        ("", "columns"),
        ("\udcff", "UTF-8"),
    ],
)
def test_every_line_that_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(CentreError, match=said):
        read_csv(text.encode(errors="surrogateescape"))


def test_an_agencys_agreement_is_kept_and_members_are_approved_by_name(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--at-once", "2", "--policy", "deny", "--contact", "chef@example.se")
    assert run(database, "add-agency", "b", "B", "--seats", "9", *words) == 0
    assert run(database, "add-agency", "c", "C", "--seats", "9", "--contact", "not an address") == 1
    assert run(database, "approve", "nobody") == 1
    assert "there is no member nobody" in capsys.readouterr().err


def test_tokens_are_issued_for_what_they_are_for_and_withdrawn(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = {}
    for role, words in {
        Role.HOUSE: (SITE, "se.samverket.stockholm"),
        Role.REGISTRAR: ("registrar", "--registrar"),
        Role.AGENCY: ("a", "--agency"),
    }.items():
        capsys.readouterr()
        assert run(database, "issue-token", *words) == 0
        tokens[role] = capsys.readouterr().out.strip()
    assert run(database, "issue-token", "without-source") == 2
    registry = Registry(database, SystemClock(), Ids())
    for role, token in tokens.items():
        bearer = registry.tokens.bearer(f"Bearer {token}")
        assert bearer is not None
        assert bearer.role is role
    assert run(database, "withdraw-token", "a") == 0
    assert registry.tokens.bearer(f"Bearer {tokens[Role.AGENCY]}") is None
    registry.close()
    assert run(database, "withdraw-token", "a") == 1


def test_a_restored_database_begins_a_new_epoch_and_a_link_lets_in(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(database, SystemClock(), Ids())
    before = registry.roster.epoch()
    assert run(database, "restored") == 0
    assert registry.roster.epoch() != before
    capsys.readouterr()
    assert run(database, "admin-link", "--url", "https://centre.example.se/") == 0
    url = capsys.readouterr().out.strip()
    assert url.startswith("https://centre.example.se/admin/in/")
    assert registry.sessions.enter(url.rpartition("/")[2]) is not None
    registry.close()


def test_an_address_that_cannot_be_alarmed_ends_serving_before_it_begins(database: str) -> None:
    assert run(database, "serve", "--alarm", "telegram:x") == 1
