"""http.conf: the web server within Asterisk."""

from asterconf.model.http import HttpSettings

__all__ = ["HttpSettings"]
