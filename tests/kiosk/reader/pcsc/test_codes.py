"""The table of codes, and the page that shows it."""

from pathlib import Path

from kiosk.domain.reasons import EXPLANATIONS
from kiosk.reader.pcsc.codes import CODES, Reaction, described, reaction_to

PAGE = Path(__file__).parents[4] / "docs" / "reader.md"


def row(code: int) -> str:
    one = CODES[code]
    return f"| `0x{code:08X}` | {one.name} | {one.meaning} | {one.reaction} | `{one.reason}` |"


def test_the_page_shows_every_code_as_it_is_handled() -> None:
    assert [line for line in PAGE.read_text().splitlines() if line.startswith("| `0x")] == [row(code) for code in CODES]


def test_a_code_that_is_not_in_the_table_rebuilds_the_context() -> None:
    assert reaction_to(0x801000FF) is Reaction.REBUILD
    assert described(0x801000FF) == "0x801000FF (not in the table)"


def test_every_reaction_has_a_code() -> None:
    assert {one.reaction for one in CODES.values()} == set(Reaction)


def test_every_code_has_words_for_the_person_at_the_reader() -> None:
    assert all(one.reason in EXPLANATIONS for one in CODES.values())
