"""Edits a careful administrator would make: objects added, changed, removed, renamed; saving."""
