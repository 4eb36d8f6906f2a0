"""The dialplan as Asterisk holds it: read from extensions.conf, and searched as a call does."""

from __future__ import annotations

from asterconf.dialplan.loader import LoadedDialplan as LoadedDialplan
from asterconf.dialplan.loader import load_dialplan as load_dialplan
from asterconf.dialplan.lookup import Dialplan as Dialplan
from asterconf.dialplan.lookup import Match as Match
from asterconf.dialplan.running import read_ami as read_ami
from asterconf.dialplan.running import read_show as read_show
from asterconf.dialplan.values import HINT as HINT
from asterconf.dialplan.values import DialplanContext as DialplanContext
from asterconf.dialplan.values import DialplanExtension as DialplanExtension
from asterconf.dialplan.values import DialplanGeneral as DialplanGeneral
from asterconf.dialplan.values import DialplanStep as DialplanStep
from asterconf.dialplan.values import Hint as Hint
from asterconf.dialplan.values import Include as Include
from asterconf.dialplan.values import Switch as Switch
