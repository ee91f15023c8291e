"""Writing files of the broker's folder: whole or not at all, and never readable to more than meant, also at first."""

import os
import pwd
from pathlib import Path

OPEN, SECRET = 0o644, 0o600
OPEN_ROOM, SECRET_ROOM = 0o755, 0o700
SERVICE_USER = "samverk"


def room(path: Path, mode: int) -> Path:
    """Make the folder with that mode, whatever the umask, and return it."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    path.chmod(mode)
    return path


def put(path: Path, content: bytes, mode: int) -> None:
    """Write the file in one step with that mode; its folder is there."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    new.replace(path)


def give_to_services(*paths: Path) -> None:
    """Let the user that our services run as own these files, where there is one and we may."""
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam(SERVICE_USER)
    except KeyError:
        return
    for one in paths:
        os.chown(one, user.pw_uid, user.pw_gid)
