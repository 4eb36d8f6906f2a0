"""What a change means: differences between two configurations, as Asterisk takes them.

Where to look, from the bottom to the top:

- `impact` knows what Asterisk needs to take a change over; `matching`, which items of two lists
  belong together, and where the order of a list counts.
- `objects`, `sections` and `pjsip` read the objects that are compared.
- `changes` has what comes out, `Change` with its `ChangeCause`, and what all comparisons need.
- `comparison` finds how two objects differ, `contexts` does it for the dialplan, `diffing` for all
  files.
- `normal` and `printing` show changes.
- `merging` makes changes in another configuration, difference by difference, and finds conflicts;
  `writing` edits the lines.
- `result` has `diff`, `merge` and what they return; `loading` the paths that these take.
"""

from asterconf.differ.changes import Change, ChangeCause, FileEdit
from asterconf.differ.impact import Impact
from asterconf.differ.printing import Conflict
from asterconf.differ.result import Diff, Merge, diff, merge

__all__ = [
    "Change",
    "ChangeCause",
    "Conflict",
    "Diff",
    "FileEdit",
    "Impact",
    "Merge",
    "diff",
    "merge",
]
