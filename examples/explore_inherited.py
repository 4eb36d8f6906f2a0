"""Find your way in a configuration that somebody else left behind.

    python examples/explore_inherited.py                   # the made-up one in examples/inherited
    python examples/explore_inherited.py /etc/asterisk     # your own; nothing is changed

The notebook explore_inherited.ipynb does the same step by step.
"""

import sys
from pathlib import Path

import asterconf
from asterconf.display import Graph, view

INHERITED = Path(__file__).parent / "inherited"


def unreached(graph: Graph) -> list[str]:
    """Return the contexts of a map that no phone, no trunk and no other context leads to."""
    reached = {edge.target for edge in graph.edges if edge.source != edge.target}
    return [n.label for n in graph.nodes if n.kind == "context" and n.key not in reached]


def main() -> None:
    """Print what is there, what is wrong, and what nobody uses."""
    conf = asterconf.load(sys.argv[1] if len(sys.argv) > 1 else INHERITED)
    print(view(conf))

    idle = [
        source.file for source in conf.sources.values() if source.role in {"unread", "disabled"}
    ]
    print("Files that Asterisk does not read:", ", ".join(idle) or "none")

    whole = conf.map(limit=None)
    print("Contexts that no call reaches:", ", ".join(unreached(whole)) or "none")
    gone = [node.label for node in whole.nodes if node.missing]
    print("Referred to, and not there:", ", ".join(gone) or "nothing")


if __name__ == "__main__":
    main()
