"""Cards that prove nothing: a MIFARE Classic, a Type 2 tag, a plain Type 4 tag, and a phone that makes up its UID."""

from collections.abc import Callable

from deploy.bench.virtual_reader.card import ATR_CLASSIC

GET_UID = bytes.fromhex("FFCA000000")
ATR_ULTRALIGHT = bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")
ATR_ISO = bytes.fromhex("3B8180018080")
"""ISO 14443-4 with one historical byte: NTAG 424 DNA, DESFire and phones alike."""
DONE, NO_FILE, NO_COMMAND, NOT_SO = b"\x90\x00", b"\x6a\x82", b"\x6d\x00", b"\x63\x00"

Respond = Callable[[bytes], bytes | None]
"""What a card answers; None is nothing at all, because it has left."""

_SELECT_NDEF = bytes.fromhex("00A4040C07D276000085010100")


class MifareCard:
    """A staff card of ISO 14443-3: the reader tells its UID, and any other command is none of its."""

    atr = ATR_CLASSIC

    def __init__(self, uid: bytes) -> None:
        """Take its UID."""
        self.uid = uid

    def __call__(self, command: bytes) -> bytes | None:
        """Answer."""
        return self.uid + DONE if command == GET_UID else NOT_SO


class Type2Tag(MifareCard):
    """An NTAG21x: pages of four bytes that anybody reads, with an NDEF message from the fourth on."""

    atr = ATR_ULTRALIGHT

    def __init__(self, uid: bytes, message: bytes) -> None:
        """Take its UID and its NDEF message."""
        super().__init__(uid)
        head = uid[:3] + b"\0" + uid[3:7] + b"\0\0\0\0"
        self._memory = head + b"\xe1\x10\x12\x00" + b"\x03" + bytes([len(message)]) + message + b"\xfe" + bytes(32)

    def __call__(self, command: bytes) -> bytes | None:
        """Answer."""
        if command[:3] != b"\xff\xb0\x00":
            return super().__call__(command)
        page = command[3]
        return self._memory[4 * page : 4 * page + 16] + DONE


class Type4Tag:
    """A tag of ISO 14443-4 with the NDEF application, and files that are read by ISO commands."""

    atr = ATR_ISO

    def __init__(self, uid: bytes, message: bytes) -> None:
        """Take its UID and its NDEF message."""
        self.uid = uid
        self._files = {
            0xE103: bytes.fromhex("001720010000FF0406E104010000FF"),
            0xE104: len(message).to_bytes(2) + message,
        }
        self._is_selected = False
        self._file = b""

    def __call__(self, command: bytes) -> bytes | None:
        """Answer."""
        if command == GET_UID:
            return self.uid + DONE
        if command == _SELECT_NDEF:
            self._is_selected = True
            return DONE
        if not self._is_selected:
            return NO_FILE
        if command[:4] == b"\x00\xa4\x00\x0c":
            self._file = self._files.get(int.from_bytes(command[5:7]), b"")
            return DONE if self._file else NO_FILE
        if command[:2] == b"\x00\xb0":
            at = int.from_bytes(command[2:4])
            return self._file[at : at + command[4]] + DONE
        return NO_COMMAND


class Phone:
    """A phone: its UID is made up anew every time it comes into the field, and it has no application of ours."""

    atr = ATR_ISO

    def __init__(self, random: Callable[[int], bytes]) -> None:
        """Take the chance it makes its UIDs of, 3 bytes each."""
        self._random = random
        self.power_up()

    def power_up(self) -> None:
        """Come into the field."""
        self.uid = b"\x08" + self._random(3)

    def __call__(self, command: bytes) -> bytes | None:
        """Answer."""
        return self.uid + DONE if command == GET_UID else NO_FILE
