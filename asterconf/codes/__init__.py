"""What every code that reading can give says: one table a family, each a message by its name.

A code is never reused. `AC0xx` is about reading lines, `AC1xx` about sections and templates,
`AC2xx` about the dialplan, `AC3xx` about the languages inside values and what they become, `AC4xx`
about PJSIP, `AC5xx` about queues and mailboxes.
"""

from __future__ import annotations

from asterconf.diagnostic import Message

__all__ = ["Message"]
