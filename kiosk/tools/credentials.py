"""Secrets: from systemd's credentials, or from files only their owner can read. Never in the site file."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

SIZE_MAX = 64 * 1024
STORES = tuple(Path(f"{place}/credstore{sealed}") for sealed in ("", ".encrypted") for place in ("/etc", "/run"))
"""Where systemd takes credentials from for a service that imports them (systemd.exec(5)); root alone may look."""

PREFIX = "samverk."
"""What their names begin with there, beside other programs' credentials."""

_WITH_IT = "run the command by `sudo systemd-run --pipe --wait --property=ImportCredential="


class CredentialError(Exception):
    """A secret is missing or lies open; the text says what to do."""


def read_credential(name: str, state_dir: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """Return the secret of that name: systemd's if there is one, else `state_dir/credentials/<name>`, mode 0600."""
    given = environment.get("CREDENTIALS_DIRECTORY")
    if given and (Path(given) / name).is_file():
        return (Path(given) / name).read_bytes()[:SIZE_MAX].strip()
    path = state_dir / "credentials" / name
    try:
        mode = path.stat().st_mode
    except OSError as error:
        message = f"the credential {name} is missing: put it in {path} with mode 0600"
        if is_in_store(name):
            message = (
                f"systemd keeps the credential {name} for the services: {_WITH_IT}{PREFIX}{name}:{name} samverk ...`"
            )
        raise CredentialError(message) from error
    if stat.S_IMODE(mode) & 0o077:
        message = f"others can read {path}: chmod 600 {path}"
        raise CredentialError(message)
    return path.read_bytes()[:SIZE_MAX].strip()


def is_in_store(name: str) -> bool:
    """Return whether systemd has the secret of that name for the services, as far as we may see; it is not read."""
    # Path.exists would raise where we may not look.
    return any(os.path.exists(one / f"{PREFIX}{name}") for one in STORES)  # noqa: PTH110 - as above


def write_credential(name: str, secret: bytes, state_dir: Path) -> Path:
    """Write the secret where `read_credential` finds it, readable to its owner only, and return the file."""
    folder = state_dir / "credentials"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
    path.chmod(0o600)
    return path


def badge_secrets(versions: tuple[int, ...], state_dir: Path) -> dict[int, bytes]:
    """Return the badge secrets by version. Each is written as hex digits in its credential `badge-key-v<version>`."""
    return {one: bytes.fromhex(read_credential(f"badge-key-v{one}", state_dir).decode()) for one in versions}
