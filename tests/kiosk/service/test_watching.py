"""Whoever watches the house: from before its first picture on."""

import socket
from contextlib import closing
from pathlib import Path

import msgspec

from kiosk.desk.worker import Worker
from kiosk.door.connection import Connection
from kiosk.door.messages import Watch, decode_said, encode
from kiosk.service.hall import Hall
from tests.support.books import BEGINNING, close_books, make_site, open_desk, write_roster
from tests.support.house import CountedIds, ToldClock


def test_who_watches_before_there_is_a_picture_is_told_no_error_and_gets_the_first_one(tmp_path: Path) -> None:
    write_roster(tmp_path / "roster.db")
    desk, books = open_desk(make_site(tmp_path))
    hall = Hall(ToldClock(), CountedIds(), {})
    hall.open(Worker(desk, ToldClock(), hall.on_answer, hall.on_board))
    ours, theirs = socket.socketpair()
    with closing(ours), closing(theirs):
        connection = Connection(ours, lambda: None)
        hall.on_line(connection, encode(Watch(id="w")).strip())
        assert not connection.has_more
        board = desk.board(BEGINNING)
        hall.on_board(board)
        connection.flush()
        said = decode_said(theirs.recv(65536).strip())
        assert msgspec.structs.asdict(said)["board"] == board
    close_books(books)
