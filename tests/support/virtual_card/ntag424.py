"""An NTAG 424 DNA in AES mode, made by the datasheet and apart from the code that it tests.

It knows AuthenticateEV2First, ChangeKey, ChangeFileSettings, GetCardUID, WriteData, the ISO commands that read its NDEF
file, and SUN.
"""

from collections.abc import Callable
from zlib import crc32

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

from tests.support.virtual_card.kinds import ATR_ISO, DONE, GET_UID, NO_COMMAND, NO_FILE

ZEROS = bytes(16)
_OK, _MORE = b"\x91\x00", b"\x91\xaf"
_AUTHENTICATION, _PERMISSION, _INTEGRITY, _LENGTH = b"\x91\xae", b"\x91\x9d", b"\x91\x1e", b"\x91\x7e"
_FREE = 0xE


def aes(key: bytes, data: bytes, iv: bytes = ZEROS, *, is_back: bool = False) -> bytes:
    """Return the blocks through AES-CBC, one way or back."""
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
    way = cipher.decryptor() if is_back else cipher.encryptor()
    return way.update(data) + way.finalize()


def mac(key: bytes, data: bytes) -> bytes:
    """Return the whole AES-CMAC."""
    one = CMAC(algorithms.AES(key))
    one.update(data)
    return one.finalize()


def odd(value: bytes) -> bytes:
    """Return every second byte."""
    return bytes(value[place] for place in range(1, 16, 2))


class Ntag424:
    """One card, blank when new. `leaves_after` is how many more commands it answers before it is taken away."""

    atr = ATR_ISO

    def __init__(self, uid: bytes, random: Callable[[int], bytes]) -> None:
        """Take its UID, seven bytes, and its chance."""
        self.uid = uid
        self.keys = [ZEROS] * 5
        self.key_versions = [0] * 5
        self.file = bytearray(256)
        self.counter = 0
        self.leaves_after: int | None = None
        self.commands: list[bytes] = []
        """Everything it was sent, for a test to look at."""
        self._random = random
        self._rights = bytes.fromhex("00E0")
        self._sdm: tuple[int, int, int, int, int] | None = None
        self.power_up()

    def power_up(self) -> None:
        """Come into the field: nothing is selected, nobody authenticated."""
        self._is_selected = self._is_open = self._was_read = False
        self._number: int | None = None
        self._asked: int | None = None
        self._end()

    def __call__(self, command: bytes) -> bytes | None:
        """Answer."""
        if self.leaves_after is not None:
            if self.leaves_after == 0:
                return None
            self.leaves_after -= 1
        self.commands.append(command)
        if command == GET_UID:
            return self.uid + DONE
        if command[0] == 0x00:
            return self._iso(command)
        return (
            self._native(command[1], command[5:-1] if len(command) > 5 else b"") if command[0] == 0x90 else NO_COMMAND
        )

    def _iso(self, command: bytes) -> bytes:
        if command[:4] == b"\x00\xa4\x04\x0c":
            self._is_selected = command[5:12] == bytes.fromhex("D2760000850101")
            self._was_read = False
            self._end()
            return DONE if self._is_selected else NO_FILE
        if command[:4] == b"\x00\xa4\x00\x0c":
            self._is_open = self._is_selected and command[5:7] == b"\xe1\x04"
            return DONE if self._is_open else NO_FILE
        if command[:2] == b"\x00\xb0" and self._is_open:
            at = int.from_bytes(command[2:4])
            return bytes(self._read()[at : at + (command[4] or 256)]) + DONE
        return NO_COMMAND

    def _native(self, code: int, body: bytes) -> bytes:
        if not self._is_selected:
            return b"\x91\x1c"
        if code == 0x71:
            return self._challenge(body)
        if code == 0xAF:
            return self._authenticate(body)
        if self._number is None:
            return _AUTHENTICATION
        commands = {0xC4: self._change_key, 0x5F: self._change_settings, 0x8D: self._write, 0x51: self._get_uid}
        return commands[code](body) if code in commands else b"\x91\x1c"

    def _challenge(self, body: bytes) -> bytes:
        self._end()
        if len(body) != 2 or body[0] > 4:
            return _LENGTH
        self._asked, self._random_b = body[0], self._random(16)
        return aes(self.keys[body[0]], self._random_b) + _MORE

    def _authenticate(self, body: bytes) -> bytes:
        if self._asked is None or len(body) != 32:
            return _LENGTH
        number, key = self._asked, self.keys[self._asked]
        self._asked = None
        plain = aes(key, body, is_back=True)
        a, b = plain[:16], self._random_b
        if plain[16:] != b[1:] + b[:1]:
            return _AUTHENTICATION
        self._number, self._ti, self._count = number, self._random(4), 0
        tail = a[0:2] + bytes(x ^ y for x, y in zip(a[2:8], b[0:6], strict=True)) + b[6:16] + a[8:16]
        self._enc = mac(key, bytes.fromhex("A55A00010080") + tail)
        self._mac = mac(key, bytes.fromhex("5AA500010080") + tail)
        return aes(key, self._ti + a[1:] + a[:1] + bytes(12)) + _OK

    def _change_key(self, body: bytes) -> bytes:
        if self._number != 0:
            return _PERMISSION
        data = self._opened(0xC4, body, 1)
        number = body[0] if body else 9
        if data is None or number > 4:
            return self._denied(_INTEGRITY)
        if number == 0:
            self.keys[0], self.key_versions[0] = data[:16], data[16]
            self._end()
            return _OK
        new = bytes(x ^ y for x, y in zip(data[:16], self.keys[number], strict=True))
        if (~crc32(new) & 0xFFFFFFFF).to_bytes(4, "little") != data[17:21]:
            return self._denied(_INTEGRITY)
        self.keys[number], self.key_versions[number] = new, data[16]
        return self._reply()

    def _change_settings(self, body: bytes) -> bytes:
        if self._number != self._rights[0] & 0x0F:
            return _PERMISSION
        data = self._opened(0x5F, body, 1)
        if data is None or body[0] != 2:
            return self._denied(_INTEGRITY)
        self._rights = data[1:3]
        self._sdm = None
        if data[0] & 0x40:
            picc, start, place = (int.from_bytes(data[at : at + 3], "little") for at in (6, 9, 12))
            self._sdm = (data[5] >> 4, data[5] & 0x0F, picc, start, place)
        return self._reply()

    def _write(self, body: bytes) -> bytes:
        if self._rights[1] & 0x0F not in {_FREE, self._number}:
            return _PERMISSION
        at, length = int.from_bytes(body[1:4], "little"), int.from_bytes(body[4:7], "little")
        if body[0] != 2 or len(body) != 7 + length or at + length > len(self.file):
            return self._denied(_LENGTH)
        self.file[at : at + length] = body[7:]
        self._count += 1
        return _OK

    def _get_uid(self, body: bytes) -> bytes:
        if self._opened(0x51, body, 0) is None:
            return self._denied(_INTEGRITY)
        return self._reply(self.uid)

    def _opened(self, code: int, body: bytes, head: int) -> bytes | None:
        """Return the data of a command in full mode, or None if its MAC is wrong."""
        count = self._count.to_bytes(2, "little")
        if odd(mac(self._mac, bytes([code]) + count + self._ti + body[:-8])) != body[-8:]:
            return None
        secret = body[head:-8]
        if not secret:
            return b""
        iv = aes(self._enc, b"\xa5\x5a" + self._ti + count + bytes(8))
        return aes(self._enc, secret, iv, is_back=True).rstrip(b"\0")[:-1]

    def _reply(self, data: bytes = b"") -> bytes:
        self._count += 1
        count = self._count.to_bytes(2, "little")
        if data:
            plain = data + b"\x80" + bytes(-(len(data) + 1) % 16)
            data = aes(self._enc, plain, aes(self._enc, b"\x5a\xa5" + self._ti + count + bytes(8)))
        return data + odd(mac(self._mac, b"\0" + count + self._ti + data)) + _OK

    def _denied(self, status: bytes) -> bytes:
        self._end()
        return status

    def _end(self) -> None:
        self._number = self._asked = None
        self._random_b = self._ti = self._enc = self._mac = b""
        self._count = 0

    def _read(self) -> bytes:
        """Return the file as it is read now; the first reading since the card was selected counts."""
        if self._sdm is None or self._number is not None:
            return bytes(self.file)
        meta, file_key, picc, start, place = self._sdm
        if not self._was_read:
            self._was_read = True
            self.counter += 1
            self._filler = self._random(5)
        count = self.counter.to_bytes(3, "little")
        told = bytearray(self.file)
        secret = aes(self.keys[meta], b"\xc7" + self.uid + count + self._filler)
        told[picc : picc + 32] = secret.hex().upper().encode()
        key = mac(self.keys[file_key], bytes.fromhex("3CC300010080") + self.uid + count)
        told[place : place + 16] = odd(mac(key, bytes(told[start:place]))).hex().upper().encode()
        return bytes(told)
