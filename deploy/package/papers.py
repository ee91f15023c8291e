"""The papers that a Debian package carries: changelog, copyright of everything bundled, and a page for man(1)."""

import gzip
import importlib.metadata
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

from deploy.command import COMMANDS
from deploy.package.stage import HOME, ROOT

_RELEASED = re.compile(r"^ -- .+?  (.+)$", re.MULTILINE)
_LICENCE = "EUPL-1.2"


def released_s(changelog: Path) -> int:
    """Return when the newest release in a Debian changelog was made, in seconds since the epoch: the build's time."""
    found = _RELEASED.search(changelog.read_text())
    if found is None:
        message = f"{changelog} has no line that says who released it, and when"
        raise ValueError(message)
    return int(parsedate_to_datetime(found[1]).timestamp())


def write(tree: Path, changelog: Path, version: str) -> None:
    """Put the papers into the staged tree."""
    doc, man = tree / "usr/share/doc/samverk", tree / "usr/share/man/man1"
    doc.mkdir(parents=True)
    man.mkdir(parents=True)
    # A native package: there is no other changelog that Debian's would have to be told from.
    _pack(doc / "changelog.gz", changelog.read_text())
    _pack(man / "samverk.1.gz", man_page(version))
    (doc / "copyright").write_text(copyright_of(tree / HOME))


def man_page(version: str) -> str:
    """Return samverk(1): every command and what it is for."""
    commands = "\n".join(f".TP\n.B {_roff(name)}\n{_roff(what)}" for name, what in COMMANDS.items())
    return _MAN.format(version=version, commands=commands)


def copyright_of(home: Path) -> str:
    """Return debian/copyright (machine-readable, 1.0) for our files and for every distribution bundled in `home`."""
    bundled = "\n\n".join(_stanzas(home))
    text = "\n".join(f" {line}" if line.strip() else " ." for line in (ROOT / "LICENSE").read_text().splitlines())
    return f"{_OURS}\n{bundled}\n\nLicense: {_LICENCE}\n{text}\n"


def _stanzas(home: Path) -> Iterator[str]:
    for folder in sorted(home.glob("*.dist-info")):
        one = importlib.metadata.Distribution.at(folder)
        if one.name != "samverk":
            licence = licence_of(one)
            holder = _told(one, "Author") or _told(one, "Author-email") or f"the authors of {one.name}"
            yield (
                f"Files: {HOME}/{folder.name}/*\n"
                f"Copyright: {' '.join(holder.split())}\n"
                f"License: {licence}\n"
                f"Comment: {one.name} {one.version}, taken whole from its wheel; the licence lies in that folder."
            )


def licence_of(one: importlib.metadata.Distribution) -> str:
    """Return the licence that a distribution names: as an expression, else as a text or classifier."""
    told = _told(one, "License-Expression") or _told(one, "License")
    if told and "\n" not in told:
        return told
    kinds = [text.rpartition(" :: ")[2] for text in one.metadata.get_all("Classifier") or () if "License ::" in text]
    return " or ".join(kinds) or "as in its own text"


def _told(one: importlib.metadata.Distribution, key: str) -> str:
    return next(iter(one.metadata.get_all(key) or ()), "").strip()


def _pack(path: Path, text: str) -> None:
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=raw, mtime=0) as file:
        file.write(text.encode())


def _roff(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-")


_OURS = f"""\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Samverk
Source: the repository that this package was built from

Files: *
Copyright: the authors of Samverk
License: {_LICENCE}
"""

_MAN = """\
.TH SAMVERK 1 "" "samverk {version}" "Samverk"
.SH NAME
samverk \\- runs a house where people of different public bodies meet
.SH SYNOPSIS
.B samverk
.I COMMAND
.RI [ arguments ]
.SH DESCRIPTION
Reads badges, answers on a screen, follows the zones' sensors, applies the house rule and keeps the thread to the
centre. Each of
.BR desk ,
.BR screen ,
.BR board ,
.B sensors
and
.B sync
is a service that systemd starts; all else is asked at a prompt. Every command explains itself with
.BR \\-\\-help .
.SH COMMANDS
{commands}
.SH EXIT STATUS
0 done, 1 a negative answer, 2 wrong use.
.SH FILES
.TP
.I /etc/samverk/site.toml
The house: its zones, sensors, readers and the rule's numbers. Nothing starts without it.
.TP
.I /etc/samverk/screen.env
SAMVERK_DISPLAY, the display that the members' screen is on: the name of a file in
.IR /usr/share/samverk/screen .
.TP
.I /var/lib/samverk
All that the house remembers. Only the user samverk and root may look.
.TP
.I /usr/share/doc/samverk
Installing, operating, and what to do when something is wrong.
.SH ENVIRONMENT
.TP
.B SAMVERK_SITE
Another site file than the installed one.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
"""
