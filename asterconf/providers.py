"""Telephone providers: each function returns the `Trunk` that suits one provider's service."""

from asterconf.home.providers import generic, ip_authenticated, jmp_chat, voipms

__all__ = ["generic", "ip_authenticated", "jmp_chat", "voipms"]
