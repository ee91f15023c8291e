"""What somebody must be told, once each, until it was sent."""

from dataclasses import dataclass

from sync.centre.storage.room import Work

ATTEMPTS_MAX = 10
"""So often an alarm is tried; then it stays on the admin page only."""
SEND_MAX = 20
"""How many alarms are sent in one go."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to tell. `contact` is whom else to tell, such as the agency's own contact."""

    key: str
    kind: str
    text: str
    contact: str
    at: str


def raise_once(work: Work, key: str, kind: str, text: str, contact: str, now: str) -> None:  # noqa: PLR0913, PLR0917 - one row
    """Let the alarm of that key be sent, unless it was raised before."""
    statement = "INSERT INTO alarms VALUES (?, ?, ?, ?, ?, '', 0) ON CONFLICT (key) DO NOTHING"
    work.run(statement, (key, kind, text, contact, now))


def claim(work: Work, now: str, stale: str) -> list[Alarm]:
    """Return alarms that are to be sent, which nobody else sends meanwhile. Claims from before `stale` are void."""
    question = (
        "SELECT key, kind, told, contact, at FROM alarms "
        "WHERE (sent = '' OR (sent LIKE 'sending %' AND sent < ?)) AND attempts < ? ORDER BY at, key LIMIT ?"
    )
    found = [Alarm(*row) for row in work.rows(question, (f"sending {stale}", ATTEMPTS_MAX, SEND_MAX))]
    statement = "UPDATE alarms SET attempts = attempts + 1, sent = ? WHERE key = ?"
    work.run_many(statement, [(f"sending {now}", one.key) for one in found])
    return found


def settle(work: Work, key: str, now: str, *, is_sent: bool) -> None:
    """Note whether the alarm was sent. If not, it is tried again."""
    work.run("UPDATE alarms SET sent = ? WHERE key = ?", (now if is_sent else "", key))
