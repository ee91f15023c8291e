"""The members' screen: a client of the door that holds nothing. Textual lives in `app` and `canvas` only."""
