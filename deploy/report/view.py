"""What the report shows of one released month: sections of charts and tables, as plain values. No web, no drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.report.texts import TEXTS, month_name
from kiosk.domain.disclosure import Figure
from kiosk.domain.release import HOURS, Release, ZoneUse
from kiosk.domain.zones import Words

SERIES_MAX = 3
"""The most series in one chart: the page has as many colours. Zones beyond that go into another chart."""
SHADES = 5
"""How many shades the table of meetings has."""
DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars: a series of figures by name, over labels."""

    labels: tuple[str, ...]
    series: Mapping[str, tuple[Figure, ...]]
    is_horizontal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The figures in words: a head, and rows whose first cell names them. A cell may have a shade, 1 to `SHADES`."""

    head: tuple[Words, ...]
    rows: tuple[tuple[Words, tuple[str, ...]], ...]
    shades: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One question, its charts, and the table behind them."""

    id: str
    title: Words
    about: Words
    table: Table | None
    charts: tuple[Chart, ...] = ()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class MonthView:
    """One month: the figures to begin with, and the sections."""

    name: Words
    month: str
    keys: tuple[tuple[Words, str], ...]
    sections: tuple[Section, ...]
    how: Words


def month_view(release: Release, zones: Mapping[str, Words]) -> MonthView:
    """Return one month as shown; `zones` are the zones' names by id."""
    keys = {
        "visits": release.visits,
        "taking_part": release.taking_part,
        "meetings_between": release.meetings_between,
        "guests": release.guests,
        "closed": release.closed_automatically,
        "activities": release.activities,
    }
    names = {one.zone: zones.get(one.zone, Words(one.zone, one.zone)) for one in release.zones}
    how = {"group_min": str(release.group_min), "round_to": str(release.round_to), "dash": DASH}
    sections = (_meetings(release), _part(release, names), _zones(release, names), _arrivals(release))
    return MonthView(
        name=month_name(release.month),
        month=release.month,
        keys=tuple((TEXTS[key], text_of(figure)) for key, figure in keys.items()),
        sections=(*sections, _offers(release), _exit(release)),
        how=_filled("how", how),
    )


def months_view(releases: Sequence[Release]) -> Section:
    """Return the months side by side."""
    keys = ("visits", "taking_part", "meetings_between", "guests", "closed", "activities")
    rows = tuple(
        (
            month_name(one.month),
            tuple(
                text_of(figure)
                for figure in (
                    one.visits,
                    one.taking_part,
                    one.meetings_between,
                    one.guests,
                    one.closed_automatically,
                    one.activities,
                )
            ),
        )
        for one in releases
    )
    labels = tuple(one.month for one in releases)
    series = {both(TEXTS["meetings_between"]): tuple(one.meetings_between for one in releases)}
    table = Table((Words("månad", "month"), *(TEXTS[key] for key in keys)), rows)
    return Section("months", TEXTS["months"], TEXTS["meetings_between"], table, (Chart(labels, series),))


def text_of(figure: Figure) -> str:
    """Return the figure as text; a withheld one is a dash."""
    return DASH if figure is None else f"{figure:,}".replace(",", "\N{NO-BREAK SPACE}")


def both(words: Words) -> str:
    """Return a text in both languages on one line."""
    return words.sv if words.sv == words.en else f"{words.sv} · {words.en}"


def _meetings(release: Release) -> Section:
    told = {(one.first, one.second): one.meetings for one in (*release.between, *release.within)}
    names = {one: release.agencies.get(one, one) for pair in told for one in pair}
    order = sorted(names, key=lambda one: names[one])
    note = {"between": text_of(release.meetings_between), "within": text_of(release.meetings_within)}
    highest = max(told.values(), default=1)
    grid = [[told.get((min(one, other), max(one, other))) for other in order] for one in order]
    table = Table(
        head=(TEXTS["agency"], *(Words(names[one], names[one]) for one in order)),
        rows=tuple(
            (Words(names[one], names[one]), tuple(map(text_of, row))) for one, row in zip(order, grid, strict=True)
        ),
        shades=tuple(tuple(_shade(figure, highest) for figure in row) for row in grid),
    )
    about = TEXTS["meetings_about"] if told else TEXTS["no_pairs"]
    return Section("meetings", TEXTS["meetings"], about, table if told else None, note=_filled("meetings_sum", note))


def _shade(figure: Figure, highest: int) -> int:
    return 0 if not figure else min(SHADES, 1 + figure * SHADES // (highest + 1))


def _zones(release: Release, names: Mapping[str, Words]) -> Section:
    hours = _hours_told([one.joins_by_hour for one in release.zones])
    zones = release.zones
    charts = tuple(
        Chart(
            tuple(HOURS[hour] for hour in hours),
            {both(names[one.zone]): tuple(one.joins_by_hour[hour] for hour in hours) for one in part},
        )
        for part in (zones[start : start + SERIES_MAX] for start in range(0, len(zones), SERIES_MAX))
    )
    rows = [
        (Words(HOURS[hour], HOURS[hour]), tuple(text_of(one.joins_by_hour[hour]) for one in zones)) for hour in hours
    ]
    rows.append((TEXTS["month"], tuple(text_of(one.joins) for one in zones)))
    table = Table((TEXTS["hour"], *(names[one.zone] for one in zones)), tuple(rows))
    return Section("zones", TEXTS["zones"], TEXTS["zones_about"], table, charts if hours else ())


def _part(release: Release, names: Mapping[str, Words]) -> Section:
    house = ZoneUse("", release.visits, release.taking_part, (), ())
    rows = [(Words("Huset, besök", "The house, visits"), house)]
    rows += [(names[one.zone], one) for one in release.zones]
    series = {
        both(TEXTS["joined"]): tuple(one.joins for _, one in rows),
        both(TEXTS["took_part"]): tuple(one.took_part for _, one in rows),
    }
    table = Table(
        (TEXTS["zone"], TEXTS["joined"], TEXTS["took_part"]),
        tuple((name, (text_of(one.joins), text_of(one.took_part))) for name, one in rows),
    )
    chart = Chart(tuple(both(name) for name, _ in rows), series, is_horizontal=True)
    return Section("part", TEXTS["part"], TEXTS["part_about"], table, (chart,))


def _arrivals(release: Release) -> Section:
    hours = _hours_told([release.arrivals_by_hour])
    figures = tuple(release.arrivals_by_hour[hour] for hour in hours)
    labels = tuple(HOURS[hour] for hour in hours)
    rows = tuple((Words(label, label), (text_of(figure),)) for label, figure in zip(labels, figures, strict=True))
    total = ((TEXTS["month"], (text_of(release.visits),)),)
    charts = (Chart(labels, {both(TEXTS["visits"]): figures}),) if hours else ()
    table = Table((TEXTS["hour"], TEXTS["visits"]), (*rows, *total))
    return Section("arrivals", TEXTS["arrivals"], TEXTS["arrivals_about"], table, charts)


def _offers(release: Release) -> Section:
    figures = {
        "offers_made": release.offers_made,
        "offers_taken": release.offers_taken,
        "offers_followed": release.offers_followed,
    }
    return _counts("offers", figures)


def _exit(release: Release) -> Section:
    return _counts("exit", {one: release.met_somebody.get(one) for one in ("yes", "no", "skipped")})


def _counts(about: str, figures: Mapping[str, Figure]) -> Section:
    rows = tuple((TEXTS[key], (text_of(figure),)) for key, figure in figures.items())
    labels = tuple(both(TEXTS[key]) for key in figures)
    chart = Chart(labels, {both(TEXTS["count"]): tuple(figures.values())}, is_horizontal=True)
    table = Table((TEXTS[about], TEXTS["count"]), rows)
    return Section(about, TEXTS[about], TEXTS[f"{about}_about"], table, (chart,))


def _hours_told(series: Sequence[tuple[Figure, ...]]) -> range:
    """Return from the first to the last hour with anything in it; tables withheld whole do not count."""
    told = [one for one in series if any(figure is not None for figure in one)]
    found = [hour for one in told for hour, figure in enumerate(one) if figure != 0]
    return range(min(found), max(found) + 1) if found else range(0)


def _filled(key: str, values: Mapping[str, str]) -> Words:
    return Words(TEXTS[key].sv.format(**values), TEXTS[key].en.format(**values))
