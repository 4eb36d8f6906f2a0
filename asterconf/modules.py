"""modules.conf: what Asterisk loads."""

from asterconf.model.modules import Modules

__all__ = ["Modules"]
