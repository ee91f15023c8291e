"""The presence table as a picture, so that the one in the docs cannot say anything else."""

from kiosk.domain.presence import TABLE, Back, State


def presence_diagram() -> str:
    """Return a Mermaid state diagram of every move that changes the state, and a list of what changes nothing."""
    moves: dict[tuple[str, str], list[str]] = {}
    stays: dict[str, list[str]] = {}
    for (state, kind), target in TABLE.items():
        if target is state:
            stays.setdefault(kind.__name__, []).append(state)
        else:
            to = "the state before" if target is Back.BEFORE else str(target)
            moves.setdefault((str(state), to), []).append(kind.__name__)
    lines = ["stateDiagram-v2", f"    [*] --> {State.OUT}", '    state "the state before" as before']
    for (state, to), kinds in moves.items():
        name = "before" if to == "the state before" else to
        lines.append(f"    {state} --> {name}: {', '.join(sorted(kinds))}")
    kept = [f"- `{kind}` keeps {', '.join(states)}" for kind, states in sorted(stays.items())]
    return "\n".join(["```mermaid", *lines, "```", "", *kept, ""])
