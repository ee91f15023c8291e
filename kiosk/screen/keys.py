"""Which key does what on a page. Everything else does nothing: no key may reach a palette, a shell or the end."""

from kiosk.screen.pages import (
    Action,
    Answered,
    Louder,
    More,
    Page,
    Quit,
    Repeat,
    ShowBadge,
    Speak,
    own_actions,
    zone_actions,
)
from kiosk.screen.place import Place
from kiosk.screen.roll_pages import RollList, RollStart

_SAME = {
    "return": "enter",
    "escape": "enter",
    "backspace": "u",
    "ctrl+m": "enter",
    "y": "j",
    "asterisk": "t",
    "full_stop": "r",
    "comma": "r",
    "plus": "v",
    "slash": "s",
    "minus": "m",
}
"""What else a key is called. The signs are those of a number pad: with it alone everything can be heard and done."""
_ANYWHERE: dict[str, Action] = {"v": Louder(), "m": More()}
_WITH_A_VOICE: dict[str, Action] = {"t": Speak(), "r": Repeat()}
_QUIT = frozenset({"q", "ctrl+c"})


def action_for(key: str, page: Page, place: Place) -> Action | None:
    """Return what the key does: digits choose a zone while one is asked for, else they show an example badge."""
    key = _SAME.get(key, key.lower())
    if place.may_quit and key in _QUIT:
        return Quit()
    anywhere = _ANYWHERE | (_WITH_A_VOICE if place.can_speak else {})
    action = (anywhere | own_actions(page) | zone_actions(page)).get(key)
    return action or _badge(key, page, place)


def _badge(key: str, page: Page, place: Place) -> ShowBadge | None:
    if not place.is_demonstration or isinstance(page, RollStart | RollList):
        # There a digit that means nothing must not bring somebody else's answer.
        return None
    if isinstance(page, Answered) and zone_actions(page) and not page.can_ask:
        return None
    return next((ShowBadge(one.uid) for one in place.badges if one.key == key), None)
