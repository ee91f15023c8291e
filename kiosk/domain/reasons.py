"""The closed list of reasons why something was not done: each with what happened, what to do next, and who owns it."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.zones import Words


class Reason(StrEnum):
    """Every way a request can end other than as asked. Nothing else may be shown to a member."""

    BADGE_UNKNOWN = "badge_unknown"
    BADGE_LOST = "badge_lost"
    BADGE_WITHDRAWN = "badge_withdrawn"
    BADGE_COPIED = "badge_copied"
    BADGE_TAKEN = "badge_taken"
    BADGE_SHOWN_ONCE = "badge_shown_once"
    REFERENCE_UNKNOWN = "reference_unknown"
    BADGE_NOT_FOUND = "badge_not_found"
    BADGE_AMBIGUOUS = "badge_ambiguous"
    BADGES_MAX = "badges_max"
    CARD_RANDOM = "card_random"
    CARD_PAYMENT = "card_payment"
    CARD_UNREADABLE = "card_unreadable"
    CARD_CLASH = "card_clash"
    MEMBER_INACTIVE = "member_inactive"
    MEMBERSHIP_NOT_BEGUN = "membership_not_begun"
    MEMBERSHIP_ENDED = "membership_ended"
    RIGHTS_TOO_OLD = "rights_too_old"
    ROSTER_MISSING = "roster_missing"
    NOT_IN_HOUSE = "not_in_house"
    ALREADY_IN = "already_in"
    NOT_IN_ZONE = "not_in_zone"
    MEMBER_UNKNOWN = "member_unknown"
    ZONE_UNKNOWN = "zone_unknown"
    UNDO_TOO_LATE = "undo_too_late"
    SEATS_TO_HOST = "seats_to_host"
    SEATS_FULL = "seats_full"
    VISIT_UNKNOWN = "visit_unknown"
    STILL_IN = "still_in"
    NOT_UNCERTAIN = "not_uncertain"
    TIME_UNFIT = "time_unfit"
    NAME_UNFIT = "name_unfit"
    GUEST_UNKNOWN = "guest_unknown"
    GUESTS_MAX = "guests_max"
    ACTIVITY_UNKNOWN = "activity_unknown"
    ACTIVITIES_MAX = "activities_max"
    DESK_BUSY = "desk_busy"
    FAULT = "fault"


class Owner(StrEnum):
    """Who can do something about it."""

    MEMBER = "member"
    HOST = "host"
    AGENCY = "agency"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a reason says to the person: one sentence, one next step, one owner."""

    sentence: Words
    next_step: Words
    owner: Owner


_TO_HOST = Words("Gå till värden.", "Please see the host.")

EXPLANATIONS: dict[Reason, Explanation] = {
    Reason.BADGE_UNKNOWN: Explanation(
        Words("Vi känner inte igen kortet.", "We do not know this badge."),
        Words("Visa koden för värden.", "Show the code to the host."),
        Owner.HOST,
    ),
    Reason.BADGE_LOST: Explanation(
        Words("Kortet är anmält som borttappat.", "This badge is reported lost."), _TO_HOST, Owner.HOST
    ),
    Reason.BADGE_WITHDRAWN: Explanation(
        Words("Kortet gäller inte längre.", "This badge is no longer valid."), _TO_HOST, Owner.HOST
    ),
    Reason.BADGE_COPIED: Explanation(
        Words("Kortet kan inte visa att det är äkta.", "The badge cannot show that it is genuine."),
        Words("Försök en gång till, gå sedan till värden.", "Try once more, then see the host."),
        Owner.HOST,
    ),
    Reason.BADGE_TAKEN: Explanation(
        Words("Kortet hör redan till någon.", "The badge already belongs to somebody."),
        Words("Använd ett annat kort.", "Use another badge."),
        Owner.HOST,
    ),
    Reason.BADGE_SHOWN_ONCE: Explanation(
        Words("Kortet har bara visats en gång.", "The badge has been shown only once."),
        Words("Ta bort kortet och visa det igen.", "Take the badge away and show it again."),
        Owner.MEMBER,
    ),
    Reason.REFERENCE_UNKNOWN: Explanation(
        Words("Den koden finns inte här nu.", "That code is not known here now."),
        Words("Visa kortet igen och läs koden.", "Show the badge again and read the code."),
        Owner.HOST,
    ),
    Reason.BADGE_NOT_FOUND: Explanation(
        Words("Det finns inget sådant kort.", "There is no such badge."),
        Words("Kontrollera personen och kortets kod.", "Check the person and the badge's code."),
        Owner.HOST,
    ),
    Reason.BADGE_AMBIGUOUS: Explanation(
        Words("Personen har flera sådana kort.", "The person has several such badges."),
        Words("Ange kortets kod också.", "Give the badge's code as well."),
        Owner.HOST,
    ),
    Reason.BADGES_MAX: Explanation(
        Words("Personen har redan för många kort.", "The person has too many badges already."),
        Words("Be centralen ta bort gamla kort.", "Ask the centre to remove old ones."),
        Owner.HOST,
    ),
    Reason.CARD_RANDOM: Explanation(
        Words("Det här kortet byter nummer varje gång.", "This card changes its number every time."),
        Words("Använd ditt tjänstekort, inte mobilen.", "Use your staff badge, not your phone."),
        Owner.MEMBER,
    ),
    Reason.CARD_PAYMENT: Explanation(
        Words("Det här är ett betalkort.", "This is a payment card."),
        Words("Använd ditt tjänstekort i stället.", "Use your staff badge instead."),
        Owner.MEMBER,
    ),
    Reason.CARD_UNREADABLE: Explanation(
        Words("Vi hann inte läsa kortet.", "We could not read the badge."),
        Words("Håll kortet stilla mot läsaren.", "Hold the badge still on the reader."),
        Owner.MEMBER,
    ),
    Reason.CARD_CLASH: Explanation(
        Words("Vi ser två kort på en gång.", "We see two badges at once."),
        Words("Visa ett kort i taget.", "Show one badge at a time."),
        Owner.MEMBER,
    ),
    Reason.MEMBER_INACTIVE: Explanation(
        Words("Ditt medlemskap är pausat.", "Your membership is paused."),
        Words("Fråga din myndighet, eller värden.", "Ask your agency, or the host."),
        Owner.AGENCY,
    ),
    Reason.MEMBERSHIP_NOT_BEGUN: Explanation(
        Words("Ditt medlemskap har inte börjat än.", "Your membership has not begun yet."), _TO_HOST, Owner.AGENCY
    ),
    Reason.MEMBERSHIP_ENDED: Explanation(
        Words("Ditt medlemskap har tagit slut.", "Your membership has ended."),
        Words("Fråga din myndighet, eller värden.", "Ask your agency, or the host."),
        Owner.AGENCY,
    ),
    Reason.RIGHTS_TOO_OLD: Explanation(
        Words("Våra medlemsuppgifter är för gamla.", "Our membership data is too old."),
        Words("Värden släpper in dig.", "The host will let you in."),
        Owner.OPERATOR,
    ),
    Reason.ROSTER_MISSING: Explanation(
        Words("Vi saknar medlemslistan just nu.", "We have no member list right now."),
        Words("Värden släpper in dig.", "The host will let you in."),
        Owner.OPERATOR,
    ),
    Reason.NOT_IN_HOUSE: Explanation(
        Words("Du är inte incheckad.", "You are not checked in."),
        Words("Visa kortet vid läsaren.", "Show your badge at the reader."),
        Owner.MEMBER,
    ),
    Reason.ALREADY_IN: Explanation(
        Words("Personen är redan incheckad.", "The person is already checked in."),
        Words("Du behöver inte göra något.", "There is nothing you need to do."),
        Owner.HOST,
    ),
    Reason.NOT_IN_ZONE: Explanation(
        Words("Du är inte med i någon zon.", "You have not joined a zone."),
        Words("Välj en zon först.", "Choose a zone first."),
        Owner.MEMBER,
    ),
    Reason.MEMBER_UNKNOWN: Explanation(
        Words("Personen finns inte i medlemslistan.", "The person is not on the member list."),
        Words("Kontrollera namnet med myndigheten.", "Check the name with the agency."),
        Owner.HOST,
    ),
    Reason.ZONE_UNKNOWN: Explanation(
        Words("Den zonen finns inte här.", "There is no such zone here."),
        Words("Välj en annan zon.", "Choose another zone."),
        Owner.MEMBER,
    ),
    Reason.UNDO_TOO_LATE: Explanation(
        Words("Det gick för lång tid för att ångra.", "It is too late to undo."),
        Words("Visa kortet igen, eller fråga värden.", "Show the badge again, or ask the host."),
        Owner.MEMBER,
    ),
    Reason.SEATS_TO_HOST: Explanation(
        Words("Din myndighets platser i huset är fyllda.", "Your agency's places in the house are taken."),
        _TO_HOST,
        Owner.HOST,
    ),
    Reason.SEATS_FULL: Explanation(
        Words("Alla din myndighets platser används just nu.", "Your agency's places are all in use."),
        Words("Kom igen när en kollega har gått.", "Come back when one is free."),
        Owner.AGENCY,
    ),
    Reason.VISIT_UNKNOWN: Explanation(
        Words("Besöket finns inte kvar här.", "That visit is no longer kept here."),
        Words("Sök besöket hos centralen.", "Look for the visit at the centre."),
        Owner.HOST,
    ),
    Reason.STILL_IN: Explanation(
        Words("Personen är fortfarande i huset.", "The person is still in the house."),
        Words("Checka ut personen först.", "Check the person out first."),
        Owner.HOST,
    ),
    Reason.NOT_UNCERTAIN: Explanation(
        Words("Det finns inget osäkert att klara upp.", "There is nothing uncertain to clear."),
        Words("Du behöver inte göra något.", "There is nothing you need to do."),
        Owner.HOST,
    ),
    Reason.TIME_UNFIT: Explanation(
        Words("Tiden stämmer inte med resten.", "The time does not fit the rest."),
        Words("Kontrollera datum och klockslag.", "Check the date and the time."),
        Owner.HOST,
    ),
    Reason.NAME_UNFIT: Explanation(
        Words("Texten är tom eller för lång.", "The text is empty or too long."),
        Words("Skriv en kortare text.", "Write a shorter text."),
        Owner.HOST,
    ),
    Reason.GUEST_UNKNOWN: Explanation(
        Words("Gästen är inte i huset.", "The guest is not in the house."),
        Words("Kontrollera listan över gäster.", "Check the list of guests."),
        Owner.HOST,
    ),
    Reason.GUESTS_MAX: Explanation(
        Words("Medlemmen har redan för många gäster.", "The member has too many guests already."),
        Words("Låt en annan medlem ta emot.", "Let another member receive them."),
        Owner.HOST,
    ),
    Reason.ACTIVITY_UNKNOWN: Explanation(
        Words("Aktiviteten finns inte.", "There is no such activity."),
        Words("Kontrollera listan över aktiviteter.", "Check the list of activities."),
        Owner.HOST,
    ),
    Reason.ACTIVITIES_MAX: Explanation(
        Words("Det är för många aktiviteter planerade.", "Too many activities are planned."),
        Words("Ta bort någon som inte blir av.", "Cancel one that will not take place."),
        Owner.HOST,
    ),
    Reason.DESK_BUSY: Explanation(
        Words("Det är många just nu.", "It is busy right now."),
        Words("Visa kortet igen om en liten stund.", "Show your badge again in a moment."),
        Owner.MEMBER,
    ),
    Reason.FAULT: Explanation(
        Words("Något gick fel hos oss.", "Something went wrong on our side."), _TO_HOST, Owner.OPERATOR
    ),
}
