"""The pictures in the documentation: small, complete, and without a link to anywhere."""

import re
from pathlib import Path

from deploy.board_pictures import pages
from deploy.pictures import BYTES_MAX, FOLDER, PICTURES, TERMINAL, own_fonts

ROOT = Path(__file__).parents[2]
PNG = b"\x89PNG\r\n"
SVG = """<svg xmlns="http://www.w3.org/2000/svg"><style>
@font-face { font-family: "Fira Code"; src: url("https://elsewhere.example/fira.woff2"); }
.t-matrix { font-family: Fira Code, monospace; }
.t-r1 { fill: #f4f1ea }
</style><text class="t-r1" x="24.4" y="68.8" textLength="85.4" clip-path="url(#t-line-2)">▄▄▄▄▄▄▄</text></svg>"""


def test_every_picture_is_there_and_small() -> None:
    for one in PICTURES:
        picture = (ROOT / FOLDER / f"{one.name}.png").read_bytes()
        assert picture.startswith(PNG), one.name
        assert len(picture) < BYTES_MAX, one.name


def test_every_picture_of_the_board_is_there_and_needs_nothing_else() -> None:
    drawn = pages()
    for name in (*drawn, TERMINAL):
        picture = (ROOT / FOLDER / f"{name}.png").read_bytes()
        assert picture.startswith(PNG), name
        assert len(picture) < BYTES_MAX, name
    for name, (html, _size) in drawn.items():
        assert "--ground:" in html, name
        assert not re.search(r'<script|<link|src="', html), name


def test_a_picture_links_nowhere_and_names_no_font_that_must_be_fetched() -> None:
    svg = own_fonts(SVG)
    assert "elsewhere" not in svg
    assert "Fira" not in svg
    assert "DejaVu Sans Mono" in svg


def test_half_cells_are_drawn_without_seams() -> None:
    svg = own_fonts(SVG)
    assert "▄" not in svg
    assert '<rect fill="#f4f1ea" x="24.4" y="62.5' in svg
