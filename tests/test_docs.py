"""The pages: every link in them leads somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\]\(([^)#\s]+)")


def test_there_are_pages_with_links() -> None:
    assert len(_LINK.findall((ROOT / "README.md").read_text())) > 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_within_the_project_leads_to_a_file(page: Path) -> None:
    links = [one for one in _LINK.findall(page.read_text()) if "://" not in one]
    assert [one for one in links if not (page.parent / one).exists()] == []
