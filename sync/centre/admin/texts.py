"""What the admin page says, in Swedish with the English beside it: what each thing is, and the next step."""

from collections.abc import Mapping
from typing import NamedTuple

from sync.centre.storage.badges import COPY_SHOWN, TAKEN, UNKNOWN_MEMBER
from sync.centre.storage.streams import FORK, RESTART


class Said(NamedTuple):
    """One text in both languages."""

    sv: str
    en: str


class Part(NamedTuple):
    """A part of the page: its heading, what to do about what stands there, and what it says when nothing does."""

    head: Said
    step: Said
    none: Said


NOT_APPROVED = Said("myndighetens chef har inte godkänt", "the agency's head has not approved")
APPROVE = Said("Chefen har godkänt", "The head has approved")
ENTER = Said("Logga in", "Sign in")
LEAVE = Said("Logga ut", "Sign out")
DEAD_LINK = Said(
    "Länken gäller inte längre: samverk centre admin-link ger en ny",
    "The link no longer holds: samverk centre admin-link gives a new one",
)

PARTS: Mapping[str, Part] = {
    "agencies": Part(
        Said("Platser", "Seats"),
        Said("Fler än avtalat: tala med myndighetens kontakt.", "More than agreed: talk to the agency's contact."),
        Said("Ingen myndighet än: samverk centre add-agency.", "No agency yet: samverk centre add-agency."),
    ),
    "approvals": Part(
        Said("Att godkänna", "To approve"),
        Said(
            "Fråga myndighetens chef. Tryck när svaret är ja; annars tar myndigheten bort sin ansökan.",
            "Ask the agency's head. Press when the answer is yes; otherwise the agency takes its application back.",
        ),
        Said("Ingen väntar.", "Nobody waits."),
    ),
    "houses": Part(
        Said("Husen", "The houses"),
        Said(
            "Tyst: ring husets värd och låt dem köra samverk doctor. Lagt åt sidan: samverk queue där säger varför.",
            "Silent: call the house's host and let them run samverk doctor. Put aside: samverk queue there says why.",
        ),
        Said("Inget hus har hörts av.", "No house has been heard of."),
    ),
    "disputes": Part(
        Said("Ifrågasatta besök", "Disputed visits"),
        Said(
            "Besöket gäller. Upphörd rätt: hör med myndigheten när; rätta revokedAt. Förlorat kort: fråga medlemmen.",
            "The visit stands. Ended right: ask the agency when; correct revokedAt. Lost badge: ask the member.",
        ),
        Said("Inga.", "None."),
    ),
    "overlaps": Part(
        Said("Samma medlem i två hus samtidigt", "One member in two houses at once"),
        Said(
            "Oftast en glömd utcheckning. Återkommer det: är brickan utlånad eller kopierad?",
            "Mostly a forgotten check-out. If it comes again: is the badge lent or copied?",
        ),
        Said("Inga.", "None."),
    ),
    "excesses": Part(
        Said("Fler inne än avtalat", "More inside than agreed"),
        Said(
            "Alla fick stanna. Tala med myndighetens kontakt om fler platser.",
            "Everybody stayed. Talk to the agency's contact about more seats.",
        ),
        Said("Inga dagar.", "No days."),
    ),
    "findings": Part(
        Said("Att se på", "To look at"),
        Said("Se vad som står vid var och en.", "See what stands at each."),
        Said("Inget.", "Nothing."),
    ),
}

FINDINGS: Mapping[str, Said] = {
    FORK: Said(
        "två kort sänder som samma hus: stäng av det ena", "two cards send as the same house: switch one of them off"
    ),
    RESTART: Said(
        "huset började om från en säkerhetskopia: kontrollera att det gamla kortet inte används",
        "the house began anew from a backup: see that the old card is not in use",
    ),
    COPY_SHOWN: Said(
        "en kopierad bricka visades: byt medlemmens bricka", "a copied badge was shown: give the member another badge"
    ),
    TAKEN: Said(
        "en bricka skrevs in på två medlemmar: värden ska se vems den är",
        "a badge was enrolled for two members: the host is to see whose it is",
    ),
    UNKNOWN_MEMBER: Said(
        "en bricka skrevs in på en medlem som inte finns: lägg till medlemmen",
        "a badge was enrolled for a member who is not there: add the member",
    ),
}
