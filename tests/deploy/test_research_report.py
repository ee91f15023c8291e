"""The report: one file that asks nobody for anything, in both languages, readable, and about no person."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest

from deploy.command import main
from deploy.commands import research
from deploy.pictures import FOLDER, REPORT, REPORT_BYTES_MAX
from deploy.report import example
from deploy.report.charts import bars
from deploy.report.look import DARK, LIGHT, Palette
from deploy.report.page import page
from deploy.report.texts import MONTHS, TEXTS
from deploy.report.view import DASH, SHADES, month_view, text_of
from kiosk.domain.release import Release, release
from kiosk.domain.tally import Counted, Tally
from kiosk.domain.zones import Words
from kiosk.look.themes import contrast
from tests.deploy.test_research import LATER, NOVEMBER, count, month_of_meetings, site_file
from tests.support.books import make_site
from tests.support.chromium import Chromium

pytestmark = pytest.mark.slow

MONTH = "2026-10"
ZONES = {str(zone): one.name for zone, one in example.ZONES.items()}
NAMESPACES = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.fixture(scope="module")
def tallies() -> dict[Tally, int]:
    return example.tallies(MONTH, Random(7), last_day=14)  # noqa: S311 - an example's chance, the same every time


@pytest.fixture(scope="module")
def october(tallies: dict[Tally, int]) -> Release:
    return replace(release(tallies, MONTH, 10, ZONES), agencies=example.names())


@pytest.fixture(scope="module")
def html(october: Release) -> str:
    return page("Samverket Stockholm", [october], ZONES)


def test_a_month_of_a_hub_has_meetings_to_tell_and_people_to_protect(
    tallies: dict[Tally, int], october: Release
) -> None:
    assert october.visits is not None
    assert october.visits > 400
    assert len(october.between) > 8
    assert any(tally.kind is Counted.MEETINGS and "namnd" in (tally.first, tally.second) for tally in tallies)


def test_the_file_refers_to_nothing_outside_itself(html: str) -> None:
    assert set(re.findall(r"https?://[^\s\"'<>]*", html)) <= NAMESPACES
    assert re.findall(r"(?:src|href)=|url\(|@import|<script|<link|<iframe|//[a-z]", html.replace("http://", "")) == []


def test_charts_carry_no_script_no_comment_and_no_tooltip_of_the_library() -> None:
    svg = bars("c", ["07"], {"a": [5]})
    assert "<script" not in svg
    assert "<!--" not in svg
    assert "kozea" not in svg.lower()
    assert 'class="tooltip"' not in svg
    assert svg.count("<rect") > 2


def test_a_text_in_a_chart_is_escaped() -> None:
    svg = bars("c", ["<script>x</script>"], {"a": [5]})
    assert "<script" not in svg


def test_names_from_outside_are_text_and_never_markup(october: Release) -> None:
    named = replace(october, agencies={one: f"<i>{one}</i>" for one in example.AGENCIES})
    drawn = page("<b>Huset</b>", [named], {zone: Words("<u>zon</u>", "<u>zone</u>") for zone in ZONES})
    assert "&lt;i&gt;" in drawn
    assert not set(re.findall(r"<[ibu]>", drawn))


def test_a_withheld_figure_has_no_bar_and_is_a_dash_in_the_table() -> None:
    drawn = [bars("c", ["07", "08"], {"a": [5, figure]}).count('class="bar"') for figure in (None, 10)]
    assert drawn == [1, 2]
    assert (text_of(None), text_of(0), text_of(1280)) == (DASH, "0", "1\N{NO-BREAK SPACE}280")


def test_bars_are_as_many_as_the_figures_however_they_lie() -> None:
    for is_horizontal in (False, True):
        svg = bars("c", ["07", "08", "09"], {"a": [5, 10, 15], "b": [5, 5, 5]}, is_horizontal=is_horizontal)
        assert svg.count('class="bar"') == 6


def test_a_horizontal_bar_lies_beside_its_own_label_and_they_read_from_above() -> None:
    svg = bars("c", ["few", "many", "some"], {"a": [5, 50, 20]}, is_horizontal=True)
    labels = {name: float(y) for y, name in re.findall(r'<text[^>]* y="([\d.]+)"[^>]*>(few|many|some)</text>', svg)}
    drawn = re.findall(r'<rect [^>]*class="rect reactive[^>]*>', svg)
    rows = sorted((float(_attribute(one, "y")), float(_attribute(one, "width"))) for one in drawn)
    assert sorted(labels, key=lambda name: labels[name]) == ["few", "many", "some"]
    assert [round(width / rows[0][1]) for _, width in rows] == [1, 10, 4]


def _attribute(element: str, name: str) -> str:
    found = re.search(rf'\b{name}="([\d.]+)"', element)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("highest", [1, 5, 7, 30, 99, 100, 101, 480, 1280, 99_999])
def test_the_scale_reaches_the_highest_figure_in_few_round_steps(highest: int) -> None:
    svg = bars("c", ["07"], {"a": [highest]})
    axis = svg.partition('class="axis y')[2].partition('class="axis x')[0]
    ticks = [int(one) for one in re.findall(r">(\d+)</text>", axis)]
    assert ticks[0] == 0
    assert highest <= ticks[-1] <= 2 * max(highest, 5)
    assert 2 <= len(ticks) <= 7


def test_every_chart_has_a_text_alternative_and_a_table_beside_it(html: str) -> None:
    figures = re.findall(r'<figure role="img" aria-label="([^"]+)">', html)
    assert len(figures) == html.count("<figure") == html.count("<svg") == 5
    assert all("tabellen" in one and "table" in one for one in figures)
    sections = html.split("<section")[1:]
    assert all("<table" in one for one in sections)
    assert html.count('aria-hidden="true" focusable="false"') == 5


def test_every_figure_of_the_release_stands_in_the_page(html: str, october: Release) -> None:
    cells = re.findall(r"<td[^>]*>([^<]*)</td>|<dd>([^<]*)</dd>", html)
    shown = {one or other for one, other in cells}
    hours = {figure for zone in october.zones for figure in zone.joins_by_hour if figure}
    for figure in (october.visits, october.taking_part, october.guests, *hours):
        assert text_of(figure) in shown
    for pair in (*october.between, *october.within):
        assert text_of(pair.meetings) in shown


def test_no_member_guest_or_visit_is_in_the_page_and_no_small_agency(html: str) -> None:
    for agency in example.AGENCIES:
        assert re.search(rf"\b{agency}-\d", html) is None
    assert "Nämnden" not in html
    assert "guest-" not in html


class Languages(HTMLParser):
    """Gathers the texts of a page by the language they are marked with."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.found: dict[str, set[str]] = {"sv": set(), "en": set()}
        self._now = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language that begins."""
        if tag in {"p", "span"}:
            self._now = dict(attrs).get("lang") or ""

    def handle_endtag(self, tag: str) -> None:
        """Note that it ends."""
        if tag in {"p", "span"}:
            self._now = ""

    def handle_data(self, data: str) -> None:
        """Keep the text under its language."""
        if self._now:
            self.found[self._now].add(data.strip())


def test_every_text_is_there_in_both_languages_and_marked_as_such(html: str) -> None:
    read = Languages()
    read.feed(html)
    for key in ("title", "lead", "meetings", "part", "zones", "arrivals", "offers", "exit", "visits", "took_part"):
        assert TEXTS[key].sv in read.found["sv"]
        assert TEXTS[key].en in read.found["en"]


def test_no_text_lacks_a_language() -> None:
    for words in (*TEXTS.values(), *MONTHS):
        assert words.sv.strip()
        assert words.en.strip()
    assert len(MONTHS) == 12


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_seven_to_one_and_bars_three_to_one(palette: Palette) -> None:
    for back in (palette.ground, palette.card):
        for ink in (palette.ink, palette.quiet, palette.accent):
            assert contrast(ink, back) >= 7
        for bar in palette.bars:
            assert contrast(bar, back) >= 3
    assert len(palette.shades) == SHADES
    for back, ink in palette.shades:
        assert contrast(ink, back) >= 7


def test_a_month_in_which_nothing_can_be_told_is_drawn_all_the_same() -> None:
    empty = release({}, "2026-09", 10, ZONES)
    few = release({Tally("2026-09", Counted.ARRIVALS, "08"): 3}, "2026-09", 10, ZONES)
    for one in (empty, few):
        assert "Inget par av myndigheter kan visas." in page("Huset", [one], ZONES)


def test_the_hours_shown_are_those_with_anything_in_them(october: Release) -> None:
    zones = next(one for one in month_view(october, ZONES).sections if one.id == "zones")
    assert zones.table is not None
    hours = [name.sv for name, _ in zones.table.rows]
    assert hours[0] == "07"
    assert hours[-1] == "hela månaden"
    assert "03" not in hours


def test_more_than_three_zones_go_into_more_charts(october: Release) -> None:
    many = replace(october, zones=(*october.zones, *october.zones))
    zones = next(one for one in month_view(many, ZONES).sections if one.id == "zones")
    assert [len(chart.series) for chart in zones.charts] == [3, 3]


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(research, "SystemClock", lambda: lambda: LATER)
    site = make_site(tmp_path)
    for month in (MONTH, NOVEMBER):
        count(site, month_of_meetings(month))
    path = site_file(site)
    assert main(["research", "export", "--site", path, "--month", MONTH, "--out", str(tmp_path / "x.json")]) == 0
    return path


def test_only_what_was_released_is_drawn(released: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "report.html")
    assert main(["research", "report", "--site", released, "--month", NOVEMBER, "--out", out]) == 1
    assert "was not released" in capsys.readouterr().err
    assert main(["research", "report", "--site", released, "--out", out]) == 0
    assert "oktober 2026" in Path(out).read_text()


def test_all_months_are_drawn_side_by_side(released: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    exported = ["--month", NOVEMBER, "--out", str(tmp_path / "y.json")]
    assert main(["research", "export", "--site", released, *exported]) == 0
    assert main(["research", "report", "--site", released, "--all", "--out", str(out)]) == 0
    drawn = out.read_text()
    assert "Månad för månad" in drawn
    assert drawn.index("oktober 2026") < drawn.index("november 2026")
    assert len(set(re.findall(r' id="([^"]+)"', drawn))) == len(re.findall(r' id="([^"]+)"', drawn))


def test_with_nothing_released_there_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = site_file(make_site(tmp_path))
    assert main(["research", "report", "--site", path, "--out", str(tmp_path / "r.html")]) == 1
    assert "any month was not released yet" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parts
def test_a_browser_shows_it_without_a_request_or_complaint_wide_narrow_and_dark(html: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    with Chromium() as browser:
        browser.open(file.as_uri(), width=1200, height=900)
        background = "getComputedStyle(document.documentElement).backgroundColor"
        light = browser.evaluate(background)
        bar = "getComputedStyle(document.querySelector('.color-0 .bar rect')).fill"
        assert browser.evaluate(bar) == _rgb(LIGHT.bars[0])
        browser.look(width=400, height=900, is_dark=True)
        assert browser.evaluate(background) != light
        assert browser.evaluate(bar) == _rgb(DARK.bars[0])
        assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [one for one in browser.requested() if not one.startswith("file://")] == []
        assert browser.complaints() == []


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_the_picture_in_the_docs_is_there_and_small() -> None:
    picture = (Path(__file__).parents[2] / FOLDER / f"{REPORT}.png").read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < REPORT_BYTES_MAX
