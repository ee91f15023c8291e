"""The parts of the docs that are made from the code. `python -m deploy.docs` writes them; a test compares them."""

from pathlib import Path

from kiosk.domain.diagram import presence_diagram

ROOT = Path(__file__).parent.parent
BEGIN = "<!-- made by python -m deploy.docs: begin -->"
END = "<!-- made by python -m deploy.docs: end -->"


def generated() -> dict[Path, str]:
    """Return, for each file of the docs with a made part, what the whole file should be."""
    page = ROOT / "docs" / "presence.md"
    return {page: _with_part(page.read_text(), presence_diagram())}


def _with_part(page: str, part: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{part}\n{END}{after}"


if __name__ == "__main__":
    for path, text in generated().items():
        path.write_text(text)
        print(path.relative_to(ROOT))
