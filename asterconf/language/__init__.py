"""The small languages inside values: each gives a typed value and a lossless lark tree.

`template` (`${…}` and `$[…]`), `expression` (inside `$[…]`), `timespec`, `callerid`, `dialstring`.
What a grammar cannot say is kept as text, with a fault that says so; nothing raises.
"""
