"""Effective sections ⇄ typed objects.

Every reader takes the effective sections of a file, or `None` if the file is missing, and returns
values of `asterconf.model`, each with the places of its parts (`Bound`). `writing` goes the other
way: what the sections of an object would hold.
"""
