"""How a member wants to be met: their language, and whether and how they are offered zones."""

from dataclasses import dataclass, replace

from kiosk.domain import events
from kiosk.domain.ids import ActivityId, MemberId, VisitId, ZoneId
from kiosk.domain.instant import Instant
from kiosk.domain.members import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """One member's choices, and the last zone they were offered.

    `language` None leaves it to the roster. `is_open` is whether the last offer has not been taken; `ignored` counts
    those before it that never were, since one last was.
    """

    member: MemberId
    language: Language | None = None
    offers_wanted: bool = True
    offered_zone: ZoneId | None = None
    offered_activity: ActivityId | None = None
    offered_at: Instant | None = None
    offered_in: VisitId | None = None
    is_open: bool = False
    ignored: int = 0

    @property
    def ignored_in_a_row(self) -> int:
        """Return how many offers in a row were not taken, the last one included."""
        return self.ignored + self.is_open


def after(before: Preferences | None, event: events.VisitEvent) -> Preferences | None:
    """Return the member's preferences after the event; None as long as they have neither chosen nor been offered."""
    one = before or Preferences(member=event.member)
    match event:
        case events.LanguageChosen(language=language):
            return replace(one, language=language)
        case events.OffersChosen(wanted=wanted):
            return replace(one, offers_wanted=wanted, is_open=False, ignored=0)
        case events.OfferMade(zone=zone, activity=activity, at=at):
            ignored = one.ignored_in_a_row
            offered = replace(one, offered_zone=zone, offered_activity=activity, offered_at=at, offered_in=event.visit)
            return replace(offered, is_open=True, ignored=ignored)
        case events.JoinedZone(zone=zone) if one.is_open and one.offered_zone == zone:
            return replace(one, is_open=False, ignored=0)
        case _:
            return before
