"""logger.conf: what is logged, and where."""

from asterconf.model.logger import LoggerSettings

__all__ = ["LoggerSettings"]
