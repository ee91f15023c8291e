"""The report as one HTML file that needs nothing else: no request, no script, no person."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from deploy.report.charts import bars
from deploy.report.look import DARK, LIGHT, variables
from deploy.report.texts import TEXTS
from deploy.report.view import Chart, month_view, months_view
from kiosk.domain.release import Release
from kiosk.domain.zones import Words

ROW_PX = 64
"""How high a horizontal bar and the space around it are."""
HEIGHT_PX = 320


def page(house: str, releases: Sequence[Release], zones: Mapping[str, Words]) -> str:
    """Return the report on these months, oldest first; `house` is its name, `zones` the zones' names by id."""
    environment = Environment(
        loader=PackageLoader("deploy.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["drawn"] = _drawn
    return environment.get_template("report.html").render(
        house=house,
        texts=TEXTS,
        months=[month_view(one, zones) for one in releases],
        overview=months_view(releases) if len(releases) > 1 else None,
        light=variables(LIGHT),
        dark=variables(DARK),
        style=Markup(files("deploy.report").joinpath("templates", "report.css").read_text()),  # noqa: S704 - our own file
    )


def _drawn(chart: Chart, name: str) -> Markup:
    height = ROW_PX * (len(chart.labels) + 1) if chart.is_horizontal else HEIGHT_PX
    drawing = bars(name, chart.labels, chart.series, is_horizontal=chart.is_horizontal, height=height)
    return Markup(drawing)  # noqa: S704 - serialised by ElementTree, which escapes every text
