"""The pages as plain text, a file for each size and language; `python -m tests.kiosk.screen.goldens` writes them."""

from pathlib import Path

from kiosk.domain.members import Language
from kiosk.screen.draw.page import draw
from tests.kiosk.screen.examples import DEMONSTRATION, PLACE, frame, pages

FOLDER = Path(__file__).parent / "golden"
SIZES = ((23, 7), (35, 11), (80, 24))


def golden_path(size: tuple[int, int], language: Language) -> Path:
    """Return the file of that size and language."""
    return FOLDER / f"{size[0]}x{size[1]}-{language}.txt"


def drawn(size: tuple[int, int], language: Language) -> str:
    """Return every page drawn at that size, framed so that its width can be seen."""
    width, height = size
    told = []
    for name, page in pages(language).items():
        place = DEMONSTRATION if name == "waiting" and width >= 80 else PLACE
        paper = draw(frame(page, place), width, height)
        lines = ["".join(run.text for run in line) for line in paper.lines]
        title = f"{name}{' without ' + ', '.join(paper.left_out) if paper.left_out else ''}"
        told.append("\n".join([title, *(f"{line}|" for line in lines)]))
    return "\n\n".join(told) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for at_size in SIZES:
        for in_language in Language:
            golden_path(at_size, in_language).write_text(drawn(at_size, in_language), encoding="utf-8")
