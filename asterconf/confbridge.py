"""confbridge.conf: profiles of conferences and of those in them, and menus."""

from asterconf.model.confbridge import BridgeProfile, ConfBridgeMenu, UserProfile

__all__ = ["BridgeProfile", "ConfBridgeMenu", "UserProfile"]
