"""What a check has found: about which part, whether all is well, and in one sentence what it is and what to do."""

from dataclasses import dataclass

from kiosk.domain.zones import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one part of the house. `says` names it and, if it is not well, what to do about it."""

    about: str
    is_well: bool
    says: Words


def well(about: str, sv: str, en: str) -> Finding:
    """Return that this part is well."""
    return Finding(about, is_well=True, says=Words(sv, en))


def ill(about: str, sv: str, en: str) -> Finding:
    """Return what is wrong with this part, and what to do."""
    return Finding(about, is_well=False, says=Words(sv, en))
