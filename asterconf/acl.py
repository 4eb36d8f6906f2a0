"""acl.conf: lists of addresses under a name."""

from asterconf.model.acl import NamedAcl

__all__ = ["NamedAcl"]
