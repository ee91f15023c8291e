"""The terminal board's colours, from the palettes whose every pair reaches 7:1. Pure."""

from kiosk.look.themes import THEMES, Ink, Surface, ThemeName


def style(theme: ThemeName) -> str:
    """Return the style sheet in that theme's colours."""
    shades = THEMES[theme]
    ground, band, card, key, stop = (
        shades[one] for one in (Surface.GROUND, Surface.BAND, Surface.CARD, Surface.KEY, Surface.STOP)
    )
    plain, quiet = ground.ink(Ink.PLAIN), band.ink(Ink.QUIET)
    return f"""
Screen {{ background: {ground.back}; color: {plain}; overflow: hidden; }}
ContentSwitcher, #people, #roll {{ height: 1fr; }}
#head {{ background: {band.back}; color: {band.ink(Ink.PLAIN)}; text-style: bold; padding: 0 1; height: 1; }}
#banner {{ background: {stop.back}; color: {stop.ink(Ink.PLAIN)}; padding: 0 1; height: auto; display: none; }}
#banner.shown {{ display: block; }}
#foot {{ background: {band.back}; color: {quiet}; padding: 0 1; height: 1; dock: bottom; }}
#wanted {{
  background: {card.back}; color: {card.ink(Ink.PLAIN)}; border: none; height: 1; padding: 0 1; display: none;
}}
#wanted.shown {{ display: block; }}
.note {{ background: {ground.back}; color: {ground.ink(Ink.QUIET)}; padding: 0 1; height: auto; }}
#health {{ padding: 1 1; height: auto; background: {ground.back}; }}
DataTable {{
  background: {ground.back}; color: {plain}; height: 1fr; scrollbar-size: 0 1;
  scrollbar-color: {plain}; scrollbar-color-hover: {plain}; scrollbar-color-active: {plain};
  scrollbar-background: {ground.back}; scrollbar-background-hover: {ground.back};
  scrollbar-background-active: {ground.back}; scrollbar-corner-color: {ground.back};
}}
DataTable:focus {{ background-tint: {ground.back} 0%; }}
DataTable > .datatable--header {{ background: {band.back}; color: {band.ink(Ink.PLAIN)}; text-style: bold; }}
DataTable > .datatable--cursor, DataTable:focus > .datatable--cursor {{
  background: {key.back}; color: {key.ink(Ink.PLAIN)}; text-style: bold;
}}
DataTable > .datatable--hover {{ background: {ground.back}; color: {plain}; }}
DataTable > .datatable--fixed, DataTable > .datatable--odd-row, DataTable > .datatable--even-row {{
  background: {ground.back}; color: {plain};
}}
"""
