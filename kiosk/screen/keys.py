"""Which key does what on a page. Everything else does nothing: no key may reach a palette, a shell or the end."""

from kiosk.screen.pages import Action, Answered, Page, Quit, ShowBadge, own_actions, zone_actions
from kiosk.screen.place import Place

_SAME = {"return": "enter", "escape": "enter", "backspace": "u", "ctrl+m": "enter"}
_QUIT = frozenset({"q", "ctrl+c"})


def action_for(key: str, page: Page, place: Place) -> Action | None:
    """Return what the key does: digits choose a zone while one is asked for, else they show an example badge."""
    key = _SAME.get(key, key.lower())
    if place.may_quit and key in _QUIT:
        return Quit()
    action = (own_actions(page) | zone_actions(page)).get(key)
    return action or _badge(key, page, place)


def _badge(key: str, page: Page, place: Place) -> ShowBadge | None:
    if not place.is_demonstration:
        return None
    if isinstance(page, Answered) and zone_actions(page) and not page.can_ask:
        return None
    return next((ShowBadge(one.uid) for one in place.badges if one.key == key), None)
