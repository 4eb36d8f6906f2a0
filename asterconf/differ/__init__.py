"""What a change means: differences between two configurations, as Asterisk takes them.

Where to look, in the order in which it happens:

- `units`, `sections`, `sip`, `queues`, `contexts`: what of a configuration is
  compared, as Asterisk takes it; `order` knows where the order of a list counts.
- `diffing` goes through the files of both sides, `compare` finds how two things differ,
  `sequences` which items of two lists belong together, `renames` what has only another name,
  `causes` the edit that did it, `impact` what Asterisk needs to take it over.
- `changes` and `result` are what comes out: `Change` and `Diff`.
- `rows`, `printing`, `normal` and `as_json` show it.
- `merging` makes changes in another configuration, fact by fact (`facts`), and finds conflicts;
  `write_shared`, `write_sections`, `write_mailboxes` and `write_dialplan` edit the lines.
"""

from asterconf.differ.changes import Cause, Change, Edit
from asterconf.differ.diffing import diff
from asterconf.differ.impact import Impact
from asterconf.differ.merging import Conflict, Merge, merge
from asterconf.differ.result import Diff

__all__ = ["Cause", "Change", "Conflict", "Diff", "Edit", "Impact", "Merge", "diff", "merge"]
