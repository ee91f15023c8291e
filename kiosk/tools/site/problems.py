"""What is wrong with a site file, said so that it can be mended at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One error: the line it stands on (None where there is none), where, what, and a way out."""

    line: int | None
    where: str
    what: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = f"line {self.line}: " if self.line else ""
        hint = f" - {self.suggestion}" if self.suggestion else ""
        return f"{place}{self.where}: {self.what}{hint}"


class SiteFileError(Exception):
    """The site file cannot be used; `problems` names every error in it."""

    def __init__(self, path: str, problems: tuple[Problem, ...]) -> None:
        """Keep the file's name and its problems in the order of their lines."""
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda one: (one.line is None, one.line or 0)))
        super().__init__("\n".join([f"{path}:", *(f"  {one}" for one in self.problems)]))
