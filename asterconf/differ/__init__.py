"""What a change means: differences between two configurations, as Asterisk takes them.

Where to look, from the bottom to the top:

- `impact` knows what Asterisk needs to take a change over; `matching`, which items of two lists
  belong together, and where the order of a list counts.
- `objects`, `sections` and `pjsip` read the objects that are compared.
- `address` and `differences` have what comes out: each `Difference` at its `Address`, with its
  `ChangeCause`; and what all comparisons need.
- `comparison` finds how two objects differ, `contexts` does it for the dialplan, `diffing` for all
  files.
- `changes` makes a tree of differences for people; `normal` and `printing` show it.
- `calls` finds the calls that behave differently, of all that can be made.
- `merging` makes differences in another configuration, by their addresses, and finds conflicts;
  `writing` edits the lines.
- `result` has `diff`, `merge` and what they return; `loading` the paths that these take.
"""

from asterconf.differ.address import Address as Address
from asterconf.differ.changes import Change as Change
from asterconf.differ.changes import FileEdit as FileEdit
from asterconf.differ.differences import ChangeCause as ChangeCause
from asterconf.differ.differences import Difference as Difference
from asterconf.differ.differences import Impact as Impact
from asterconf.differ.printing import Conflict as Conflict
from asterconf.differ.result import Diff as Diff
from asterconf.differ.result import Merge as Merge
from asterconf.differ.result import diff as diff
from asterconf.differ.result import merge as merge
