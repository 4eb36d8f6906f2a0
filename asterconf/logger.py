"""logger.conf: what is logged, and where."""

from __future__ import annotations

from attrs import field, frozen

from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

__all__ = ["LoggerSettings"]


@frozen(repr=False)
class LoggerSettings(SchemaObject, file="logger.conf", kind="general"):
    """How logs are written: the section `[general]` of logger.conf."""

    appendhostname: bool = field(default=False, kw_only=True)
    custom_levels: tuple[str, ...] = field(default=(), kw_only=True)
    dateformat: str = field(default="%b %e %T", kw_only=True)
    display_callids: bool = field(default=True, kw_only=True)
    exec_after_rotate: str = field(default="", kw_only=True)
    logger_queue_limit: int = field(default=1000, kw_only=True)
    queue_log: bool = field(default=True, kw_only=True)
    queue_log_name: str = field(default="queue_log", kw_only=True)
    queue_log_realtime_use_gmt: bool = field(default=False, kw_only=True)
    queue_log_to_file: bool = field(default=False, kw_only=True)
    rotatestrategy: str = field(default="sequential", kw_only=True)
    rotatetimestamp: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
