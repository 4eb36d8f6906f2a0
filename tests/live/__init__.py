"""Tests against a real Asterisk 22, with real phones."""
