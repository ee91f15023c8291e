"""Setting blocks on paper: wrapping, leaving out, sharing spare rows."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screen.pages import Done
from kiosk.screen.paper import WRAP_CELLS_MIN, Anchor, Block, Run, Target, cells, cut, fill, set_page, wrap


def _block(name: str, rows: int, *, rank: int = 0, gap: int = 0, anchor: Anchor = Anchor.BODY) -> Block:
    return Block(lines=[fill([Run(name)], 10)] * rows, name=name, rank=rank, gap=gap, anchor=anchor)


@given(st.text(max_size=80), st.integers(WRAP_CELLS_MIN, 40))
def test_wrapped_lines_never_take_more_than_the_width_and_lose_no_word(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    letters = [one for one in text if one.isprintable() and not one.isspace()]
    assert [one for line in lines for one in line if not one.isspace()] == letters


def test_words_stay_whole_where_they_fit() -> None:
    assert wrap("Visa kortet igen inom nio sekunder", 12) == ["Visa kortet", "igen inom", "nio sekunder"]


def test_a_text_that_is_cut_says_so() -> None:
    assert cut("Samverket", 5) == "Samv…"
    assert cut("Samverket", 9) == "Samverket"


def test_blocks_of_the_highest_rank_are_left_out_first() -> None:
    paper = set_page([_block("a", 2), _block("b", 2, rank=1), _block("c", 2, rank=5)], 10, 4, 0)
    assert paper.left_out == ("c",)
    assert paper.text() == "a\na\nb\nb"


def test_what_must_stay_is_never_left_out_but_what_runs_over_is_told() -> None:
    paper = set_page([_block("a", 3), _block("b", 3)], 10, 4, 0)
    assert (paper.left_out, paper.is_cropped) == ((), True)
    assert len(paper.lines) == 4


def test_gaps_are_kept_only_when_all_of_them_fit() -> None:
    blocks = [_block("a", 1, anchor=Anchor.TOP), _block("b", 1, gap=1, anchor=Anchor.TOP)]
    assert set_page(blocks, 10, 3, 0).text() == "a\n\nb"
    assert set_page(blocks, 10, 2, 0).text() == "a\nb"


def test_the_foot_stands_at_the_bottom() -> None:
    paper = set_page([_block("a", 1, anchor=Anchor.TOP), _block("z", 1, anchor=Anchor.FOOT)], 10, 6, 0)
    assert paper.text().split("\n") == ["a", "", "", "", "", "z"]


def test_a_target_lies_where_its_block_was_set() -> None:
    block = Block(lines=[fill([Run("x")], 10)], name="x", targets=(Target(2, 0, 3, 1, Done()),), anchor=Anchor.TOP)
    paper = set_page([_block("a", 2, anchor=Anchor.TOP), block], 14, 5, 2)
    assert paper.action_at(4, 2) == Done()
    assert paper.action_at(3, 2) is None
    assert paper.action_at(4, 1) is None
