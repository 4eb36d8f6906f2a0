"""Hypothesis strategies: files, dialplans and objects, for the tests of other tools, too.

`text` makes files, `options` values of options, `objects` everything with fields. All of them
use small alphabets, so that names collide and unusual characters occur.
"""

from asterconf.testing.strategies import objects, options, text

__all__ = ["objects", "options", "text"]
