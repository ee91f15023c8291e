"""What every message through the door is: something asked, or something said."""

import msgspec


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    """Anything a client may say. `id` comes back with the answer."""

    id: str


class Say(msgspec.Struct, frozen=True, tag_field="say"):
    """Anything the desk may say."""
