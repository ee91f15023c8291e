"""Every text that a member may read, in both languages: at most 12 words a sentence, no abbreviations.

The sentences of refusals stand in `kiosk.domain.reasons`; here is what "to a host" adds to them.
"""

# ruff: noqa: RUF001 - dashes and multiplication signs are meant

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain.answers import Offer, Outcome
from kiosk.domain.board import ReaderState
from kiosk.domain.members import Language
from kiosk.domain.reasons import EXPLANATIONS, Owner, Reason
from kiosk.domain.zones import Words, ZoneState
from kiosk.look.words import HostIs, capital, first_name, number, place, printable, said


class Note(StrEnum):
    """What became of a choice that a member made on the answer."""

    NAMED = "named"
    NOT_NAMED = "not_named"
    LET_BE = "let_be"
    OFFERED = "offered"
    LANGUAGE = "language"
    THANKED = "thanked"


@dataclass(frozen=True, slots=True)
class OutcomeText:
    """What an outcome says: `{name}` is ", Astrid" or nothing, `{time}` since when, `{zone}` which zone."""

    headline: Words
    detail: Words


OUTCOMES: dict[Outcome, OutcomeText] = {
    Outcome.ARRIVED: OutcomeText(
        Words("Välkommen{name}!", "Welcome{name}!"),
        Words("Du är incheckad {time}.", "Checked in at {time}."),
    ),
    Outcome.ALREADY_IN: OutcomeText(
        Words("Hej{name}!", "Hello{name}!"),
        Words("Inne sedan {time}.", "In since {time}."),
    ),
    Outcome.LEFT: OutcomeText(
        Words("Hej då{name}!", "Goodbye{name}!"),
        Words("Du är utcheckad. Tack för i dag!", "You are checked out. Thank you for today!"),
    ),
    Outcome.JOINED: OutcomeText(
        Words("Du är med vid {zone}.", "You have joined {zone}."),
        Words("Välkommen dit{name}!", "See you there{name}!"),
    ),
    Outcome.LEFT_ZONE: OutcomeText(
        Words("Du har lämnat zonen.", "You have left the zone."),
        Words("Du är kvar i huset.", "You are still in the house."),
    ),
    Outcome.ARRIVAL_UNDONE: OutcomeText(
        Words("Incheckningen är ångrad.", "The check-in is undone."),
        Words("Du är inte incheckad.", "You are not checked in."),
    ),
    Outcome.LEAVING_UNDONE: OutcomeText(
        Words("Utcheckningen är ångrad.", "The check-out is undone."),
        Words("Inne sedan {time}.", "In since {time}."),
    ),
    Outcome.CONFIRMED: OutcomeText(
        Words("Det är bekräftat.", "It is confirmed."),
        Words("Värden har sett att du deltar.", "The host has seen that you take part."),
    ),
    Outcome.CHOSEN: OutcomeText(
        Words("Vi minns ditt val.", "We remember your choice."),
        Words("Du är kvar i huset.", "You are still in the house."),
    ),
    Outcome.THANKED: OutcomeText(
        Words("Tack för svaret!", "Thank you for answering!"),
        Words("Ingen kan se vem som svarade.", "Nobody can see who answered."),
    ),
    Outcome.GUEST_IN: OutcomeText(
        Words("Gästen är incheckad.", "The guest is checked in."),
        Words("Gästen räknas där medlemmen är.", "The guest counts where the member is."),
    ),
    Outcome.GUEST_MOVED: OutcomeText(
        Words("Gästen är flyttad.", "The guest is moved."),
        Words("Gästen är kvar i huset.", "The guest is still in the house."),
    ),
    Outcome.GUEST_OUT: OutcomeText(
        Words("Gästen är utcheckad.", "The guest is checked out."),
        Words("Tack för besöket!", "Thank you for coming!"),
    ),
    Outcome.CORRECTED: OutcomeText(
        Words("Besöket är rättat.", "The visit is corrected."),
        Words("Det gamla står kvar bredvid.", "The old entry is kept beside it."),
    ),
    Outcome.CLEARED: OutcomeText(
        Words("Det är uppklarat.", "It is cleared."),
        Words("Personen har lämnat huset.", "The person has left the house."),
    ),
    Outcome.ORDERED: OutcomeText(
        Words("Det är beställt.", "It is ordered."),
        Words("Det görs vid nästa kontakt.", "It is done at the next contact."),
    ),
    Outcome.ACTIVITY_PLANNED: OutcomeText(
        Words("Aktiviteten är planerad.", "The activity is planned."),
        Words("Den visas för medlemmarna.", "Members are told of it."),
    ),
    Outcome.ACTIVITY_CANCELLED: OutcomeText(
        Words("Aktiviteten är borttagen.", "The activity is cancelled."),
        Words("Den visas inte längre.", "It is no longer shown."),
    ),
    Outcome.BADGE_ENROLLED: OutcomeText(
        Words("Kortet är knutet till personen.", "The badge is tied to the person."),
        Words("Det gäller från och med nu.", "It is valid from now on."),
    ),
    Outcome.BADGE_LOST: OutcomeText(
        Words("Kortet är spärrat.", "The badge is blocked."),
        Words("Andra hus får veta det strax.", "Other houses are told shortly."),
    ),
    Outcome.BADGE_FOUND: OutcomeText(
        Words("Kortet gäller igen.", "The badge is valid again."),
        Words("Andra hus får veta det strax.", "Other houses are told shortly."),
    ),
    Outcome.REFUSED: OutcomeText(
        Words("Det gick inte.", "That did not work."),
        Words("Gå till värden.", "Please see the host."),
    ),
}

NOTES: dict[Note, Words] = {
    Note.NAMED: Words("Ditt namn får visas i dag.", "Your name may be shown today."),
    Note.NOT_NAMED: Words("Ditt namn visas inte.", "Your name is not shown."),
    Note.LET_BE: Words("Vi låter dig vara.", "We leave you be."),
    Note.OFFERED: Words("Du får förslag igen.", "You get suggestions again."),
    Note.LANGUAGE: Words("Vi svarar dig på svenska.", "We answer you in English."),
    Note.THANKED: Words(
        "Tack för svaret! Ingen kan se vem som svarade.", "Thank you for answering! Nobody can see who answered."
    ),
}

OWNERS: dict[Owner, Words] = {
    Owner.MEMBER: Words("Du kan ordna det själv.", "You can do this yourself."),
    Owner.HOST: Words("Värden ordnar det här.", "The host takes care of this."),
    Owner.AGENCY: Words("Din myndighet ansvarar för detta.", "Your agency is responsible for this."),
    Owner.OPERATOR: Words("Husets drift ansvarar för detta.", "The house's technicians are responsible."),
}

ZONES: dict[ZoneState, Words] = {
    ZoneState.OCCUPIED: Words("folk här", "occupied"),
    ZoneState.VACANT: Words("tomt", "empty"),
    ZoneState.UNKNOWN: Words("okänt", "unknown"),
}

READERS: dict[ReaderState, OutcomeText] = {
    ReaderState.STARTING: OutcomeText(
        Words("Läsaren startar.", "The reader is starting."),
        Words("Vänta en liten stund.", "Please wait a moment."),
    ),
    ReaderState.READY: OutcomeText(
        Words("Läsaren är redo.", "The reader is ready."),
        Words("Visa ditt kort.", "Show your badge."),
    ),
    ReaderState.NO_READER: OutcomeText(
        Words("Läsaren är inte ansluten.", "The reader is not connected."),
        Words("Gå till värden.", "Please see the host."),
    ),
    ReaderState.NO_DAEMON: OutcomeText(
        Words("Läsaren svarar inte.", "The reader does not answer."),
        Words("Gå till värden.", "Please see the host."),
    ),
    ReaderState.FAULT: OutcomeText(
        Words("Läsaren fungerar inte just nu.", "The reader is out of order right now."),
        Words("Gå till värden.", "Please see the host."),
    ),
}

TO_HOST: dict[HostIs, Words] = {
    "here": Words("Gå till värden.", "Please see the host."),
    "phone": Words("Ring värden.", "Please call the host."),
    "none": Words("Försök igen om en stund.", "Please try again in a while."),
}
_TO_HOST_WITH_CODE: dict[HostIs, Words] = {
    "here": Words("Visa koden för värden.", "Show the code to the host."),
    "phone": Words("Ring värden och läs upp koden.", "Call the host and read out the code."),
    "none": Words("Spara koden och fråga din myndighet.", "Keep the code and ask your agency."),
}
_TO_AGENCY: dict[HostIs, Words] = {
    "here": Words("Fråga din myndighet, eller värden.", "Ask your agency, or the host."),
    "phone": Words("Fråga din myndighet, eller ring värden.", "Ask your agency, or call the host."),
    "none": Words("Fråga din myndighet.", "Ask your agency."),
}

PROMPT = Words("Visa ditt kort", "Show your badge")
THIS_PLACE = Words("Här möts olika myndigheter.", "Public agencies meet here.")
PATH_NOW = Words("Stigen just nu", "The path right now")
COUNTS = Words("Inne {house} · närvarande {present}", "Inside {house} · present {present}")
JOINED = Words("{count} med", "{count} joined")
WAITING = Words("{count} söker sällskap", "{count} would like company")
SINCE = Words("sedan {time}", "since {time}")
OUT_SINCE = Words("Sedan {time}.", "Since {time}.")
QUESTION = Words("Var vill du vara med?", "Where would you like to join?")
QUESTION_HINT = Words("Tryck på zonen eller siffran.", "Press the zone or its number.")
YOU_ARE_WITH = Words("Du är med vid {zone}.", "You have joined {zone}.")
LEAVE_ZONE = Words("lämna zonen", "leave the zone")
LEAVE_ZONE_SHORT = Words("lämna", "leave")
LEAVE_AGAIN = Words("Visa kortet igen för att gå ({left}).", "Show it again to leave ({left}).")
"""`{left}` counts down in seconds."""
RIGHTS_OLD = Words("Våra uppgifter är {age} gamla.", "Our membership data is {age} old.")
RIGHTS_OF_UNKNOWN_AGE = Words("Våra medlemsuppgifter är gamla.", "Our membership data is old.")
CODE = Words("Kod", "Code")
PHONE = Words("Telefon", "Telephone")
LEAVE_AGAIN_SPOKEN = Words("Visa kortet igen inom {left} för att gå.", "Show it again within {left} to leave.")
UNDO_SPOKEN = Words("Ångra", "Undo")
UNDO = Words("Ångra ({left})", "Undo ({left})")
LEAVE = Words("Gå hem", "Leave")
SHOW_NAME = Words("Visa mitt namn i dag", "Show my name today")
HIDE_NAME = Words("Dölj mitt namn", "Hide my name")
LET_ME_BE = Words("Låt mig vara", "Leave me be")
OFFER_AGAIN = Words("Ge mig förslag", "Suggest zones")
OFFERS_ENDED = Words("Du får inga förslag.", "You get no suggestions.")
OFFERS_PAUSED = Words("Förslagen vilar en tid.", "Suggestions are paused for a while.")
MET_SOMEBODY = Words("Träffade du någon ny?", "Did you meet somebody new?")
YES = Words("Ja", "Yes")
NO = Words("Nej", "No")
SKIP = Words("Hoppa över", "Skip")
MORE = Words("Mer", "More")
GUESTS = Words("Du har {guests} med dig.", "You have {guests} with you.")
SEATS_EXCEEDED = Words(
    "Din myndighet har fler inne än avtalat. Du är välkommen ändå.",
    "Your agency has more people in than agreed. You are welcome still.",
)
CLOSES = Words("Sidan stängs om {left}. Tryck för mer tid.", "This closes in {left}. Press for more time.")
"""`{left}` counts down in seconds, the word in full."""
WALL = Words("{count} söker sällskap vid {zone}.", "{count} would like company at {zone}.")
ABOUT = Words("Dina uppgifter", "Your data")
SPEECH = Words("Tal", "Speech")
SPEECH_ON = Words("Talet är på.", "Speech is on.")
SPEECH_OFF = Words("Talet är av.", "Speech is off.")
VOLUME = Words("Volym {step}.", "Volume {step}.")
PRESS = Words("Tryck {key}: {what}.", "Press {key}: {what}.")
CLOSES_SPOKEN = Words("Sidan stängs snart. Tryck för mer tid.", "This closes soon. Press a key for more time.")
KEPT: tuple[Words, ...] = (
    Words("Vi sparar när du kommer och går.", "We keep when you come and go."),
    Words("Vi sparar vilken zon du väljer.", "We keep which zone you choose."),
    Words("Värden i huset kan se det.", "The host of the house can see it."),
    Words("Centralen ser när du kom och gick.", "The centre sees when you came and left."),
    Words("Din myndighet ser bara antal.", "Your agency sees numbers only."),
    Words("Det här är inte arbetstid.", "This is no record of work hours."),
    Words("Zoner tas bort efter ett dygn.", "Zones are removed after a day."),
    Words("Besök tas bort efter {days} dygn.", "Visits are removed after {days} days."),
    Words("Egna val tas bort efter {months} månader.", "Your choices are removed after {months} months."),
    Words("Du kan få se allt om dig.", "You can see all we keep of you."),
)
"""What is kept about whoever comes here: short enough to be read standing, and to be spoken."""
DONE = Words("Klar", "Done")
SWITCH_LANGUAGE = Words("English", "Svenska")
"""The offer of the other language, in that language."""
TERMINAL_DOWN = Words("Terminalen är tillfälligt ur funktion.", "This terminal is temporarily out of order.")
STARTING = Words("Terminalen startar.", "The terminal is starting.")
PLEASE_WAIT = Words("Vänta en liten stund.", "Please wait a moment.")
FAULT = EXPLANATIONS[Reason.FAULT].sentence
FAULT_NEXT = Words("Visa kortet igen, eller fråga värden.", "Show your badge again, or ask the host.")

DEMONSTRATION = Words("Demonstration", "Demonstration")
SPED_UP = Words("snabbspolat {speed}×", "played at {speed}×")
TRY_IT = Words("Tryck 1–9: visa ett kort.", "Press 1–9: show a badge.")
QUIT = Words("Avsluta", "Quit")

_ASK: dict[HostIs, Words] = {
    "here": Words("Fråga värden.", "Ask the host."),
    "phone": Words("Ring värden.", "Call the host."),
    "none": Words("Fråga din myndighet.", "Ask your agency."),
}
_OFFER_JOINED = Words("{count} är vid {zone} – kom med!", "{count} at {zone} – come along!")
_OFFER_WAITING = Words(
    "{count} vid {zone} – {waiting} söker sällskap", "{count} at {zone} – {waiting} would like company"
)
_OFFER_ALL_WAIT = Words("{count} söker sällskap vid {zone}", "{count} would like company at {zone}")


_OFFER_NAMED = Words("{names} är vid {zone} – kom med!", "{names} at {zone} – come along!")
_OFFER_ACTIVITY = Words("{time} vid {zone}: {title}", "{time} at {zone}: {title}")
_AND = Words("{} och {}", "{} and {}")


def next_step(reason: Reason, host: HostIs) -> Words:
    """Return what to do about a refusal in a house where "to a host" means this: never a dead end."""
    explanation = EXPLANATIONS[reason]
    if host == "here" or explanation.owner is Owner.MEMBER or reason is Reason.ALREADY_IN:
        return explanation.next_step
    if reason is Reason.BADGE_UNKNOWN:
        return _TO_HOST_WITH_CODE[host]
    return _TO_AGENCY[host] if explanation.owner is Owner.AGENCY else TO_HOST[host]


def kept(days: int, months: int, host: HostIs) -> tuple[Words, ...]:
    """Return what is kept about people here and how long, sentence by sentence, and whom to ask."""
    numbers = {"days": days, "months": months}
    told = (Words(one.sv.format(**numbers), one.en.format(**numbers)) for one in KEPT)
    return (*told, _ASK[host])


def guests(count: int, language: Language) -> str:
    """Return so many guests in words."""
    if language is Language.SV:
        return "en gäst" if count == 1 else f"{number(count, language)} gäster"
    return "one guest" if count == 1 else f"{number(count, language)} guests"


def reader_next_step(state: ReaderState, host: HostIs) -> Words:
    """Return what to do while the reader is not ready."""
    return READERS[state].detail if state in {ReaderState.STARTING, ReaderState.READY} else TO_HOST[host]


def offer_words(offer: Offer, language: Language) -> str:
    """Return the invitation as one short sentence without a full stop; times are said as the offer has them."""
    if offer.title is not None and offer.starts_at is not None:
        return _activity_words(offer.title, offer.starts_at, offer, language)
    if offer.names:
        words = _OFFER_NAMED
    elif not offer.waiting:
        words = _OFFER_JOINED
    elif offer.waiting == offer.joined:
        words = _OFFER_ALL_WAIT
    else:
        words = _OFFER_WAITING
    text = words.sv if language is Language.SV else words.en
    count, waiting = number(offer.joined, language), number(offer.waiting, language)
    names = _joined([first_name(one) for one in offer.names], language)
    return capital(text.format(count=count, waiting=waiting, names=names, zone=place(offer.name, language)))


def _activity_words(title: Words, starts_at: datetime, offer: Offer, language: Language) -> str:
    time = f"{starts_at:%H.%M}" if language is Language.SV else f"{starts_at:%H:%M}"
    return said(_OFFER_ACTIVITY, language).format(
        time=time, zone=place(offer.name, language), title=printable(said(title, language))
    )


def _joined(names: list[str], language: Language) -> str:
    return said(_AND, language).format(*names) if len(names) > 1 else "".join(names)
