"""Hosts' passwords as Argon2id hashes. The only user of argon2; knows no names and no files."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19_456
ROUNDS = 2
LANES = 1
"""What a guess costs, by OWASP's password storage advice for Argon2id; a Raspberry Pi needs about half a second."""
PASSWORD_MIN = 10
PASSWORD_MAX = 200
"""How long a password is, in characters. Nothing is asked of which characters."""
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$pxEyz5OIPC99DtNCSsK/aA$R46B49gblXOr5sEbm4K/yzACaQT8ECfjIfnHwicACCI"
"""Compared with where nobody has that name, so that the time taken does not tell who is a host."""

_hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)


def is_fit(password: str) -> bool:
    """Return whether this can be a password."""
    return PASSWORD_MIN <= len(password) <= PASSWORD_MAX


def hashed(password: str) -> str:
    """Return the hash with its salt and its costs, as text."""
    return _hasher.hash(password)


def is_right(hashed_one: str, password: str) -> bool:
    """Return whether that is the password; False for a text that is no hash, or a password longer than any."""
    if len(password) > PASSWORD_MAX:
        return False
    try:
        return _hasher.verify(hashed_one, password)
    except (VerificationError, InvalidHashError):
        return False
