"""voicemail.conf: mailboxes, the settings for all of them, and time zones."""

from asterconf.model.voicemail import Mailbox, TimeZone, VoicemailSettings

__all__ = ["Mailbox", "TimeZone", "VoicemailSettings"]
