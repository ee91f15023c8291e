"""Pages on few and many cells: nothing is clipped, nothing runs over, everything can be read."""

import re
from dataclasses import replace

import pytest

from kiosk.domain.answers import Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.look import texts
from kiosk.look.glyphs import DECORATION, SYMBOLS
from kiosk.look.themes import CONTRAST_MIN, THEMES, ThemeName, contrast
from kiosk.look.words import other, said
from kiosk.screen.draw.page import draw
from kiosk.screen.draw.view import Frame
from kiosk.screen.pages import Answered, Page, ReaderDown, Refused, Waiting
from kiosk.screen.paper import Paper, cells
from kiosk.screen.place import Place
from tests.kiosk.screen.examples import DEMONSTRATION, NAMES, PLACE, answer, board, frame, old, pages, refusal
from tests.kiosk.screen.goldens import SIZES, drawn, golden_path

FULL = (35, 11)
SMALL = (23, 7)
ALL_SIZES = (SMALL, FULL, (40, 12), (60, 20), (80, 24), (100, 30), (200, 60))


def _all_pages(language: Language) -> list[tuple[str, Page]]:
    found = list(pages(language).items())
    found += [(f"refused {one}", Refused(refusal(one), language)) for one in Reason]
    found += [(f"reader {one}", ReaderDown(one, "14:22", language)) for one in ReaderState]
    stale = old(answer(Outcome.ARRIVED, language))
    found.append(("old data", Answered(answer=stale, language=language, undo_s=9, roster_age_s=9 * 86400.0)))
    return found


def _flat(paper: Paper) -> str:
    """Return the page's words with wrapped lines joined again."""
    return re.sub(r"\s+", " ", paper.text().replace("\n", " "))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_as_they_were_looked_at(size: tuple[int, int], language: Language) -> None:
    assert drawn(size, language) == golden_path(size, language).read_text(encoding="utf-8")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", ALL_SIZES)
def test_every_line_takes_exactly_the_cells_there_are(size: tuple[int, int], language: Language) -> None:
    for name, page in _all_pages(language):
        for place in (PLACE, DEMONSTRATION):
            paper = draw(frame(page, place), *size)
            assert len(paper.lines) == size[1], name
            assert not paper.is_cropped, name
            assert {sum(cells(run.text) for run in line) for line in paper.lines} == {size[0]}, name


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (10, 3), (22, 6)])
def test_a_window_too_small_to_read_is_drawn_without_a_fault(size: tuple[int, int]) -> None:
    for _name, page in _all_pages(Language.SV):
        assert len(draw(frame(page, DEMONSTRATION), *size).lines) == size[1]


@pytest.mark.parametrize("language", Language)
def test_nothing_is_left_out_at_35_by_11(language: Language) -> None:
    for name, page in _all_pages(language):
        assert draw(frame(page), *FULL).left_out == (), name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [SMALL, FULL])
def test_a_refusal_says_why_and_what_to_do_whole(size: tuple[int, int], language: Language) -> None:
    for reason in Reason:
        flat = _flat(draw(frame(Refused(refusal(reason), language)), *size))
        explanation = EXPLANATIONS[reason]
        assert said(explanation.sentence, language) in flat
        assert said(explanation.next_step, language) in flat
        assert PLACE.phone in flat


@pytest.mark.parametrize("language", Language)
def test_a_refusal_is_told_in_the_other_language_too_with_its_owner(language: Language) -> None:
    for reason in Reason:
        flat = _flat(draw(frame(Refused(refusal(reason), language)), *FULL))
        assert said(EXPLANATIONS[reason].sentence, other(language)) in flat
        assert said(texts.OWNERS[EXPLANATIONS[reason].owner], language) in flat


def test_an_unknown_badge_shows_its_code() -> None:
    for size in (SMALL, FULL):
        assert "K7-3F" in draw(frame(Refused(refusal(Reason.BADGE_UNKNOWN), Language.SV)), *size).text()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [SMALL, FULL])
def test_an_answer_says_what_happened_whole_and_offers_every_zone(size: tuple[int, int], language: Language) -> None:
    arrived = _flat(draw(frame(pages(language)["arrived"]), *size))
    already = _flat(draw(frame(pages(language)["already_in"]), *size))
    assert said(texts.OUTCOMES[Outcome.ARRIVED].headline, language).format(name=", Astrid") in arrived
    assert said(texts.OUTCOMES[Outcome.ARRIVED].detail, language).format(time="14:32") in arrived
    assert said(texts.OUTCOMES[Outcome.ALREADY_IN].detail, language).format(time="08:12") in already
    for name, _about in NAMES.values():
        assert said(name, language) in arrived
        assert said(name, language) in already


def test_an_answer_on_old_data_says_how_old() -> None:
    for language, words in ((Language.SV, "9 dagar gamla"), (Language.EN, "9 days old")):
        page = dict(_all_pages(language))["old data"]
        assert words in _flat(draw(frame(page), *FULL))


def test_a_member_reads_the_offer_whole_at_35_by_11() -> None:
    flat = _flat(draw(frame(pages(Language.SV)["arrived"]), *FULL))
    assert "Två vid Rastplatsen \N{EN DASH} en söker sällskap" in flat


def test_a_zone_that_nobody_can_vouch_for_says_since_when() -> None:
    for language, words in ((Language.SV, "okänt sedan 14:12"), (Language.EN, "unknown since 14:12")):
        assert words in _flat(draw(frame(Waiting(board(), language)), *FULL))


def test_the_desk_page_shows_nothing_that_was_live() -> None:
    text = draw(frame(pages(Language.SV)["desk"]), 80, 24).text()
    assert "Terminalen är tillfälligt ur funktion." in text
    assert not any(name.sv in text for name, _about in NAMES.values())
    assert "I huset" not in text


def test_the_demonstration_says_how_to_try_it_and_what_is_simulated() -> None:
    text = draw(frame(Waiting(board(), Language.SV), DEMONSTRATION), 80, 24).text()
    assert "snabbspolat 60" in text
    assert "Astrid Berg" in text
    assert DEMONSTRATION.notice[0] in text
    assert "Q Avsluta" in text


def test_a_hostile_name_changes_neither_width_nor_terminal() -> None:
    for name in ("\x1b[2J\x07Eve", "文字文字文字文字文字文字文字文字文字文字文字", "x" * 300, "e\u0301\u200d\u202eo"):
        one = replace(answer(Outcome.ARRIVED), name=name)
        for size in ALL_SIZES:
            paper = draw(frame(Answered(answer=one, language=Language.SV, undo_s=9)), *size)
            assert {sum(cells(run.text) for run in line) for line in paper.lines} == {size[0]}
            assert "\x1b" not in paper.text()


@pytest.mark.parametrize("language", Language)
def test_only_known_symbols_are_drawn(language: Language) -> None:
    common = set("abcdefghijklmnopqrstuvwxyzåäöéABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789 .,:;!?()/-'=_")
    for size in ALL_SIZES:
        for name, page in _all_pages(language):
            text = draw(frame(page, DEMONSTRATION), *size).text().replace("\n", "")
            assert set(text) <= common | SYMBOLS | DECORATION, name


@pytest.mark.parametrize("theme", ThemeName)
def test_every_pair_of_colours_drawn_reaches_seven_to_one(theme: ThemeName) -> None:
    for size in ALL_SIZES:
        for name, page in _all_pages(Language.SV):
            for place in (PLACE, DEMONSTRATION):
                for run in (run for line in draw(Frame(place, page, frame(page).now), *size).lines for run in line):
                    if set(run.text) <= DECORATION:
                        continue
                    shades = THEMES[theme][run.on]
                    ink = THEMES[theme][run.edge].back if run.edge else shades.ink(run.ink)
                    assert contrast(ink, shades.back) >= CONTRAST_MIN, (name, run)


def test_every_way_to_choose_can_be_touched_and_is_three_rows_high_where_there_is_room() -> None:
    for size, height in ((FULL, 1), ((80, 24), 3)):
        paper = draw(frame(pages(Language.SV)["already_in"]), *size)
        assert len(paper.targets) == 6
        assert {one.height for one in paper.targets} == {height}


def test_a_place_with_one_language_shows_one() -> None:
    place: Place = replace(PLACE, languages=(Language.SV,))
    text = draw(frame(Waiting(board(), Language.SV), place), 80, 24).text()
    assert "Visa ditt kort" in text
    assert "Show your badge" not in text
