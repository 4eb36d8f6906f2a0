"""What a change means: differences between two configurations, as Asterisk takes them."""

from asterconf.differ.changes import Cause, Change, Edit
from asterconf.differ.impact import Impact
from asterconf.differ.merging import Conflict, Merge, merge
from asterconf.differ.result import Diff
from asterconf.differ.whole import diff

__all__ = ["Cause", "Change", "Conflict", "Diff", "Edit", "Impact", "Merge", "diff", "merge"]
