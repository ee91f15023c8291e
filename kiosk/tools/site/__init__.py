"""The site file: one TOML file that describes a hub, read once into frozen values."""

from kiosk.tools.site.problems import Problem, SiteFileError
from kiosk.tools.site.read import load, read
from kiosk.tools.site.tables import (
    BadgeTable,
    BoardTable,
    BrokerTable,
    CentreTable,
    DemonstrationBadge,
    DemonstrationTable,
    PathsTable,
    ReaderTable,
    ResearchTable,
    ScreenTable,
    SensorTable,
    Site,
    SiteTable,
    SoundTable,
)

__all__ = [
    "BadgeTable",
    "BoardTable",
    "BrokerTable",
    "CentreTable",
    "DemonstrationBadge",
    "DemonstrationTable",
    "PathsTable",
    "Problem",
    "ReaderTable",
    "ResearchTable",
    "ScreenTable",
    "SensorTable",
    "Site",
    "SiteFileError",
    "SiteTable",
    "SoundTable",
    "load",
    "read",
]
