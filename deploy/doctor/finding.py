"""What a check has found: about which part, whether all is well, and in one sentence what it is and what to do."""

from dataclasses import dataclass

from kiosk.domain.zones import Words


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one part of the house. `says` names it and, if it is not well, what to do about it."""

    about: str
    is_well: bool
    says: Words
