"""`python -m deploy.supply FOLDER`: bill of materials, licences, and wheels that were installed offline once."""

import argparse
import sys
from pathlib import Path

from deploy.supply.bill import bill
from deploy.supply.licences import licences, listed
from deploy.supply.offline import SupplyError, gather, install
from deploy.supply.pins import pins

BILL, LICENCES, WHEELHOUSE = "samverk.cdx.json", "licences.txt", "wheelhouse"


def main(arguments: list[str]) -> int:
    """Make everything and return 0, or 1 if the wheels could not be gathered or installed."""
    parser = argparse.ArgumentParser(prog="python -m deploy.supply", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers-only", action="store_true", help="no wheels: only the bill and the licences")
    args = parser.parse_args(arguments)
    args.folder.mkdir(parents=True, exist_ok=True)
    wanted = pins()
    found = licences(wanted)
    (args.folder / BILL).write_bytes(bill(found))
    (args.folder / LICENCES).write_text(listed(wanted, found))
    print(f"{len(wanted)} packages: {args.folder / BILL}, {args.folder / LICENCES}")
    if args.papers_only:
        return 0
    try:
        count = gather(args.folder / WHEELHOUSE)
        install(args.folder / WHEELHOUSE, args.folder / "environment")
    except SupplyError as error:
        print(f"deploy.supply: {error}", file=sys.stderr)
        return 1
    print(f"{count} wheels in {args.folder / WHEELHOUSE}, installed without a network in {args.folder / 'environment'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
