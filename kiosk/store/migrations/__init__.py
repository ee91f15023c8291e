"""The shapes of the databases, as small ordered changes. One that has been released is never edited."""
