"""AES-128 in the few ways that cards use it."""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
NO_IV = bytes(BLOCK)
MAC_BYTES = 8


def cmac(key: bytes, message: bytes) -> bytes:
    """Return AES-CMAC (RFC 4493), 16 bytes."""
    mac = CMAC(algorithms.AES128(key))
    mac.update(message)
    return mac.finalize()


def short_mac(key: bytes, message: bytes) -> bytes:
    """Return the 8 bytes of AES-CMAC that NXP's cards send: every second one, the first of which is at place 1."""
    return cmac(key, message)[1::2]


def is_same(one: bytes, other: bytes) -> bool:
    """Return whether both are equal, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)


def encrypt(key: bytes, plain: bytes, iv: bytes = NO_IV) -> bytes:
    """Return the whole blocks encrypted by AES-CBC."""
    cipher = Cipher(algorithms.AES128(key), modes.CBC(iv)).encryptor()
    return cipher.update(plain) + cipher.finalize()


def decrypt(key: bytes, secret: bytes, iv: bytes = NO_IV) -> bytes:
    """Return the whole blocks decrypted by AES-CBC."""
    cipher = Cipher(algorithms.AES128(key), modes.CBC(iv)).decryptor()
    return cipher.update(secret) + cipher.finalize()


def padded(data: bytes) -> bytes:
    """Return the data with 80 and as many zeros as make whole blocks (ISO/IEC 9797-1, method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def unpadded(data: bytes) -> bytes | None:
    """Return the data without its padding, or None if it has none."""
    bare = data.rstrip(b"\0")
    return bare[:-1] if bare.endswith(b"\x80") else None
