"""The small languages inside values: each gives a typed value and a lossless lark tree.

`template` (`${…}` and `$[…]`), `expression` (inside `$[…]`), `timespec`, `callerid`, `dialstring`,
`exten` (the lines of a context), `pattern`, `appcall` and `args` (an application's text). What a
grammar does not allow is kept as text, with a fault that reports it; nothing raises.
"""
