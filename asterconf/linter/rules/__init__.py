"""The rules of `check`, a family a folder: `catalogue.RULES` are all of them by their codes."""
