"""musiconhold.conf: what those who wait hear."""

from asterconf.model.musiconhold import MusicOnHoldClass

__all__ = ["MusicOnHoldClass"]
