"""What is heard beside what is seen: a short sound for every answer, and each page aloud for whoever asked for it."""

from kiosk.domain.board import ReaderState
from kiosk.domain.instant import Instant
from kiosk.domain.reasons import Reason
from kiosk.look import texts
from kiosk.look.sounds import OUTCOME_EARCONS, reason_earcon
from kiosk.look.words import said
from kiosk.screen.pages import About, Answered, DeskDown, Fault, Louder, Page, ReaderDown, Refused, Repeat, Speak
from kiosk.screen.place import Place
from kiosk.screen.roll_pages import RollEnd, RollList, RollReport, RollStart
from kiosk.screen.speech import spoken
from kiosk.screen.state import State
from kiosk.tools.speech.earcons import Earcon
from kiosk.tools.speech.sounds import Part, Sounds, Utterance, louder

_CLOSING = (Answered, Refused, About, RollStart, RollList, RollEnd, RollReport)
"""The pages that go away by themselves, and say so before."""


class Sounding:
    """Follows the pages and plays what belongs to them, each once. Without `sounds` all is silent."""

    def __init__(self, place: Place, sounds: Sounds | None) -> None:
        """Take the house and what plays here."""
        self._place = place
        self._sounds = sounds
        self._key: object = None
        self._is_warned = False

    def follow(self, page: Page, state: State, now: Instant) -> None:
        """Play what belongs to a page that has just been drawn, unless it was played already."""
        key, is_warned = _key(page), _is_warned(page)
        is_new, warns = key != self._key, is_warned and not self._is_warned
        self._key, self._is_warned = key, is_warned
        parts: list[Part] = []
        if is_new:
            parts = [*_earcon(page), *self._page(page, state, now)]
        elif warns:
            parts = [Earcon.WARNING]
            if state.speaks:
                parts.append(Utterance(said(texts.CLOSES_SPOKEN, page.language), page.language))
        if parts:
            self._play(parts, state)

    def obey(self, action: Speak | Repeat | Louder, page: Page, state: State, now: Instant) -> None:
        """Play what a key that is about sound calls for; `state` is the one after the key."""
        self._key, self._is_warned = _key(page), _is_warned(page)
        language = page.language
        match action:
            case Speak() if state.speaks:
                self._play([Utterance(said(texts.SPEECH_ON, language), language), *self._page(page, state, now)], state)
            case Speak():
                self._play([Utterance(said(texts.SPEECH_OFF, language), language)], state)
            case Repeat():
                self._play(self._page(page, state, now), state)
            case Louder():
                step = louder(self._place.volume, state.louder)
                told = said(texts.VOLUME, language).format(step=step)
                self._play([Earcon.DONE, *([Utterance(told, language)] if state.speaks else [])], state)

    def hush(self) -> None:
        """Be silent now."""
        if self._sounds is not None:
            self._sounds.hush()

    def close(self) -> None:
        """Be silent for ever."""
        if self._sounds is not None:
            self._sounds.close()

    def _page(self, page: Page, state: State, now: Instant) -> list[Part]:
        if not state.speaks:
            return []
        return [Utterance(spoken(page, self._place, now.wall), page.language)]

    def _play(self, parts: list[Part], state: State) -> None:
        if self._sounds is not None:
            self._sounds.play(parts, louder(self._place.volume, state.louder))


def _key(page: Page) -> object:
    """Return what makes a page another one to the ear: neither the house around it nor the seconds left."""
    match page:
        case Answered(answer=answer, note=note):
            return (Answered, answer.request, note, answer.named, answer.offers, page.language)
        case Refused(answer=answer):
            return (Refused, answer.request, page.language)
        case ReaderDown(state=state):
            return (ReaderDown, state, page.language)
        case RollStart(is_refused=is_refused):
            return (RollStart, is_refused, page.language)
        case RollList(is_drill=is_drill, first=first, left=left):
            return (RollList, is_drill, first, left, page.language)
        case _:
            return (type(page), page.language)


def _is_warned(page: Page) -> bool:
    return isinstance(page, _CLOSING) and page.closes_s is not None


def _earcon(page: Page) -> list[Part]:
    match page:
        case Answered(note=None):
            return [OUTCOME_EARCONS[page.answer.outcome]]
        case Answered():
            return [Earcon.DONE]
        case Refused():
            return [reason_earcon(page.answer.reason or Reason.FAULT)]
        case ReaderDown(state=ReaderState.STARTING):
            return []
        case ReaderDown() | DeskDown() | Fault():
            return [Earcon.FAULT]
        case _:
            return []
