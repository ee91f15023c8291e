"""Pages on few and many cells: nothing is clipped, nothing runs over, everything can be read."""

import re
from dataclasses import replace

import pytest

from kiosk.domain.answers import Answer, Offers, Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.ids import VisitId, ZoneId
from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS, Reason
from kiosk.look import texts
from kiosk.look.glyphs import DECORATION, STARTING, SYMBOLS
from kiosk.look.themes import CONTRAST_MIN, THEMES, ThemeName, contrast
from kiosk.look.words import age, other, said
from kiosk.screen.draw.page import draw
from kiosk.screen.draw.parts import TARGET_ROWS
from kiosk.screen.draw.view import Frame
from kiosk.screen.pages import (
    About,
    Action,
    Answered,
    JoinZone,
    More,
    Page,
    ReaderDown,
    Refused,
    Undo,
    Waiting,
    own_actions,
    zone_actions,
)
from kiosk.screen.paper import Paper, cells
from kiosk.screen.place import Place
from kiosk.screen.roll_pages import MarkPerson, RollEnd, RollList, RollReport, RollStart
from tests.kiosk.screen.examples import (
    CHOICES,
    DEMONSTRATION,
    NAMES,
    OFFER,
    PLACE,
    answer,
    answered,
    board,
    frame,
    old,
    pages,
    refusal,
    roll_pages,
)
from tests.kiosk.screen.goldens import SIZES, drawn, golden_path

pytestmark = pytest.mark.slow

FULL = (35, 11)
SMALL = (23, 7)
TURNS_MAX = 12
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


def _turns(page: Page, size: tuple[int, int], place: Place = PLACE) -> list[Paper]:
    """Return the page as it is shown at first and each time that more is asked for, until it begins again."""
    papers = [draw(frame(page, place), *size)]
    while isinstance(page, Answered | Refused | About | RollStart | RollEnd | RollReport) and len(papers) < TURNS_MAX:
        page = replace(page, turn=page.turn + 1)
        paper = draw(frame(page, place), *size)
        if paper == papers[0]:
            return papers
        papers.append(paper)
    return papers


def _words(page: Page, size: tuple[int, int]) -> set[str]:
    return {word for paper in _turns(page, size) for word in _flat(paper).split()}


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
@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_cut_short(size: tuple[int, int], language: Language) -> None:
    for name, page in _all_pages(language):
        for paper in _turns(page, size):
            assert not re.search(rf"\S{STARTING}", paper.text()), name


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
    arrived_words, already_words = set(arrived.split()), set(already.split())
    assert said(texts.OUTCOMES[Outcome.ARRIVED].headline, language).format(name=", Astrid") in arrived
    assert said(texts.OUTCOMES[Outcome.ARRIVED].detail, language).format(time="14:32") in arrived
    assert said(texts.OUTCOMES[Outcome.ALREADY_IN].detail, language).format(time="08:12") in already
    for name, _about in NAMES.values():
        assert set(said(name, language).split()) <= arrived_words
        assert set(said(name, language).split()) <= already_words


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


@pytest.mark.parametrize("size", [FULL, (80, 24)])
def test_everything_that_can_be_done_can_be_touched_and_is_three_rows_high(size: tuple[int, int]) -> None:
    for name, page in _all_pages(Language.SV):
        found = [one for paper in _turns(page, size) for one in paper.targets]
        wanted = set((own_actions(page) | zone_actions(page)).values())
        assert wanted <= {one.action for one in found}, name
        assert all(one.height >= TARGET_ROWS for one in found), name


def test_at_23_by_7_everything_can_be_touched_and_a_row_is_enough() -> None:
    for name, page in _all_pages(Language.SV):
        wanted = set((own_actions(page) | zone_actions(page)).values())
        assert wanted <= {one.action for paper in _turns(page, SMALL) for one in paper.targets}, name


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [SMALL, FULL])
def test_every_sentence_about_ones_visit_can_be_read_however_few_cells_there_are(
    size: tuple[int, int], language: Language
) -> None:
    whole = Answered(answer=_with_everything(language), language=language, undo_s=9, roster_age_s=9 * 86400.0)
    sentences = (
        texts.offer_words(OFFER, language),
        said(texts.SEATS_EXCEEDED, language),
        said(texts.GUESTS, language).format(guests=texts.guests(2, language)),
        said(texts.RIGHTS_OLD, language).format(age=age(9 * 86400.0, language)),
    )
    for sentence in sentences:
        assert set(sentence.split()) <= _words(whole, size), sentence
    for one in texts.kept(PLACE.kept_days, PLACE.kept_months, PLACE.host):
        assert set(said(one, language).split()) <= _words(About(language), size)


def test_a_page_in_parts_says_how_many_there_are_and_begins_again_after_the_last() -> None:
    page = Answered(answer=answer(Outcome.ARRIVED), language=Language.SV, undo_s=9)
    papers = _turns(page, FULL)
    assert ["Mer 1/2" in papers[0].text(), "Mer 2/2" in papers[1].text(), len(papers)] == [True, True, 2]


@pytest.mark.parametrize("size", [FULL, (40, 14), (80, 24), (80, 25), (80, 26), (100, 30)])
def test_nothing_moves_under_a_finger_when_a_time_has_passed_or_a_choice_is_told(size: tuple[int, int]) -> None:
    for outcome in (Outcome.ARRIVED, Outcome.LEFT, Outcome.ALREADY_IN):
        before = answered(outcome)
        targets = _targets(before, size)
        for after in (
            replace(before, undo_s=0, again_s=0),
            replace(before, note=texts.Note.LANGUAGE),
            replace(before, closes_s=20),
        ):
            assert _targets(after, size) == targets, (outcome, after)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("size", [(80, 24), (80, 25), (80, 26), (100, 30)])
def test_nothing_moves_under_a_finger_when_a_choice_was_made(size: tuple[int, int], language: Language) -> None:
    before = Answered(answer=answer(Outcome.ARRIVED), language=language, undo_s=9)
    changed = (replace(before.answer, named=True), replace(before.answer, offers=Offers.ENDED))
    places = list(_targets(before, size).values())
    assert [list(_targets(replace(before, answer=one), size).values()) for one in changed] == [places, places]


def _targets(page: Page, size: tuple[int, int]) -> dict[Action, tuple[int, ...]]:
    """Return where each action can be touched, but for undoing, which ends, and the head, which may grow."""
    found = draw(frame(page), *size).targets
    return {
        one.action: (one.x, one.y, one.width, one.height) for one in found if not isinstance(one.action, Undo | More)
    }


@pytest.mark.parametrize("size", [FULL, (80, 24)])
def test_nine_zones_can_be_chosen_among(size: tuple[int, int]) -> None:
    nine = tuple(replace(CHOICES[at % 3], id=ZoneId(f"zone-{at}")) for at in range(9))
    page = Answered(answer=replace(answer(Outcome.ARRIVED), zones=nine), language=Language.SV, undo_s=9)
    found = [one.action for paper in _turns(page, size) for one in paper.targets]
    assert {JoinZone(VisitId("visit-1"), one.id) for one in nine} <= set(found)


@pytest.mark.parametrize("size", [SMALL, FULL, (80, 24)])
def test_that_a_page_is_about_to_go_away_can_be_read_on_every_page_that_does(size: tuple[int, int]) -> None:
    closing = (
        Answered(answer=answer(Outcome.ARRIVED), language=Language.SV, undo_s=9, closes_s=20),
        About(Language.SV, closes_s=20),
        Refused(refusal(Reason.BADGE_UNKNOWN), Language.SV, closes_s=20),
        *(replace(one, closes_s=20) for one in _roll_pages()),
    )
    for page in closing:
        assert "Sidan stängs om 20 sekunder. Tryck för mer tid." in _flat(draw(frame(page), *size))


def test_the_wall_says_that_somebody_would_like_company_and_never_who() -> None:
    for size in (FULL, (80, 24)):
        flat = _flat(draw(frame(Waiting(board(), Language.SV)), *size))
        assert "En söker sällskap vid Rastplatsen." in flat
        assert "Astrid" not in flat
    zones = tuple(replace(one, waiting=0) for one in board().zones)
    assert "söker" not in draw(frame(Waiting(replace(board(), zones=zones), Language.SV)), 80, 24).text()


def _roll_pages() -> list[RollStart | RollList | RollEnd | RollReport]:
    found = roll_pages(Language.SV).values()
    return [one for one in found if isinstance(one, RollStart | RollList | RollEnd | RollReport)]


def _with_everything(language: Language) -> Answer:
    one = replace(answer(Outcome.ARRIVED, language), guests=2, seats_exceeded=True)
    return old(one)


def test_a_place_with_one_language_shows_one() -> None:
    place: Place = replace(PLACE, languages=(Language.SV,))
    text = draw(frame(Waiting(board(), Language.SV), place), 80, 24).text()
    assert "Visa ditt kort" in text
    assert "Show your badge" not in text


@pytest.mark.parametrize("size", [FULL, (80, 24), (200, 60)])
def test_nobody_on_a_roll_call_moves_under_a_finger_when_somebody_is_ticked_or_the_page_is_about_to_close(
    size: tuple[int, int],
) -> None:
    page = roll_pages(Language.SV)["roll list"]
    assert isinstance(page, RollList)
    ticked = replace(page, found=page.found | {page.people[0].key})
    places = [
        [(one.x, one.y) for one in draw(frame(page), *size).targets if isinstance(one.action, MarkPerson)]
        for page in (page, ticked, replace(page, closes_s=20), replace(page, can_ask=False))
    ]
    assert places[0]
    assert places == [places[0]] * len(places)


def test_a_name_however_long_or_hostile_is_one_row_of_a_roll_call_and_the_time_is_never_cut() -> None:
    page = roll_pages(Language.SV)["roll list"]
    assert isinstance(page, RollList)
    for name in ("x" * 300, "\x1b[2J\x07Eve", "文字" * 30):
        people = tuple(replace(one, name=name, last_zone=ZoneId("hinderbanan")) for one in page.people)
        for size in ALL_SIZES:
            paper = draw(frame(replace(page, people=people)), *size)
            assert {sum(cells(run.text) for run in line) for line in paper.lines} == {size[0]}
            assert "\x1b" not in paper.text()
            assert "14:31" in paper.text()
