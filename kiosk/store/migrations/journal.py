"""The shape of journal.db."""

from sqlite_utils import Database, Migrations

journal = Migrations("journal")


@journal()
def events_and_presence(db: Database) -> None:
    """Make the chain of events, the presences they amount to, and the access log.

    `payload` and `salt` may be dropped for good; sequence, id, commitment and chain stay and still verify.
    """
    db.table("events").create(
        {
            "seq": int,
            "id": str,
            "commitment": bytes,
            "chain": bytes,
            "salt": bytes,
            "type": str,
            "payload": str,
        },
        pk="seq",
        not_null={"id", "commitment", "chain"},
    )
    db.table("events").create_index(["id"], unique=True)
    db.table("presence").create({"member": str, "inside": int, "body": str}, pk="member", not_null={"inside", "body"})
    db.table("access").create(
        {"id": int, "at": str, "by": str, "what": str, "purpose": str},
        pk="id",
        not_null={"at", "by", "what", "purpose"},
    )
