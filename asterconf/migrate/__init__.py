"""From chan_sip, Macro and their time to what Asterisk 22 has, with a plan to look at first."""

from asterconf.migrate.codemods import CODEMODS, plan_migrate
from asterconf.migrate.plan import Codemod, Construct, Migration, Outcome, Style

__all__ = ["CODEMODS", "Codemod", "Construct", "Migration", "Outcome", "Style", "plan_migrate"]
