"""queues.conf: queues and their members."""

from asterconf.model.queues import Queue, QueueMember, QueueSettings

__all__ = ["Queue", "QueueMember", "QueueSettings"]
