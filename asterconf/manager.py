"""manager.conf: who may use the manager interface."""

from asterconf.model.manager import ManagerUser

__all__ = ["ManagerUser"]
