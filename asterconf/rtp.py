"""rtp.conf: ports and checks of media."""

from asterconf.model.rtp import RtpSettings

__all__ = ["RtpSettings"]
