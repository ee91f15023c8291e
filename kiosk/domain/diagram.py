"""The presence table as a picture, so that the one in the docs cannot say anything else."""

from kiosk.domain.presence import TABLE, Back, State


def presence_diagram() -> str:
    """Return a Mermaid state diagram of every move that changes the state, and a list of what changes nothing."""
    moves: dict[tuple[State, State | Back], list[str]] = {}
    stays: dict[str, list[str]] = {}
    for (state, kind), target in TABLE.items():
        if target is state:
            stays.setdefault(kind.__name__, []).append(state)
        else:
            moves.setdefault((state, target), []).append(kind.__name__)
    lines = ["stateDiagram-v2", f"    [*] --> {State.OUT}", f'    state "the state before" as {Back.BEFORE}']
    lines += [f"    {state} --> {to}: {', '.join(sorted(kinds))}" for (state, to), kinds in moves.items()]
    kept = [f"- `{kind}` keeps {', '.join(states)}" for kind, states in sorted(stays.items())]
    return "\n".join(["```mermaid", *lines, "```", "", *kept, ""])
