"""The description of all that a house publishes, as something that messages can be held against."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "asyncapi.json"
RULES = ROOT / "tests" / "data" / "asyncapi-3.0.0.json"


@dataclass(frozen=True, slots=True)
class Manner:
    """How messages of a channel are published."""

    qos: int
    retain: bool
    expires_s: int | None


class Description:
    """The document, read."""

    def __init__(self, document: dict[str, Any] | None = None) -> None:
        """Read the file, unless a document is given."""
        self.document = document if document is not None else json.loads(DOCUMENT.read_text())
        self._patterns = {
            name: re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(channel["address"])))
            for name, channel in self.document["channels"].items()
        }

    def channel(self, topic: str) -> str | None:
        """Return which channel a topic is of, or None."""
        return next((name for name, pattern in self._patterns.items() if pattern.fullmatch(topic)), None)

    def manner(self, channel: str) -> Manner:
        """Return how the channel's messages are published."""
        (bindings,) = [
            one["bindings"]["mqtt"]
            for one in self.document["operations"].values()
            if one["channel"]["$ref"].endswith(f"/{channel}") and one["action"] == "send"
        ]
        return Manner(bindings["qos"], bindings["retain"], bindings.get("messageExpiryInterval"))

    def problems(self, topic: str, payload: bytes) -> list[str]:
        """Return what is wrong with a message; nothing if it is as described. An empty one takes a kept one back."""
        channel = self.channel(topic)
        if channel is None:
            return [f"no channel has the topic {topic}"]
        if not payload:
            return []
        (message,) = self.document["channels"][channel]["messages"].values()
        described = self._at(message["$ref"])
        value = payload.decode() if described["contentType"] == "text/plain" else json.loads(payload)
        schema = {**described["payload"], "components": self.document["components"]}
        return [one.message for one in jsonschema_rs.validator_for(schema).iter_errors(value)]

    def references(self) -> list[str]:
        """Return the references in the document that lead nowhere."""
        found = re.findall(r'"\$ref": "([^"]+)"', json.dumps(self.document))
        return [one for one in found if self._find(one) is None]

    def _at(self, reference: str) -> dict[str, Any]:
        found = self._find(reference)
        assert found is not None, reference
        return found

    def _find(self, reference: str) -> dict[str, Any] | None:
        value: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else None


def broken_rules(document: dict[str, Any]) -> list[str]:
    """Return which rules of AsyncAPI 3 the document breaks."""
    rules = jsonschema_rs.validator_for(json.loads(RULES.read_text()))
    return [one.message for one in rules.iter_errors(document)]
