"""The option letters of applications whose argument names something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LETTERS: Final[Mapping[str, Mapping[str, str]]] = {
    "dial": {"F": "goto^", "G": "goto^", "b": "gosub^", "B": "gosub^", "U": "sub^", "m": "class"},
    "queue": {"F": "goto^", "b": "gosub^", "B": "gosub^", "m": "class"},
    "page": {"b": "gosub^", "B": "gosub^"},
    "park": {"c": "goto,"},
    "waitexten": {"m": "class"},
}
"""By application, in small letters, and option letter: what is named, and how its text is cut.

`goto` is a place, `gosub` a place with arguments in brackets, `sub` a context that is run from
`s`, priority 1; the character behind separates context, extension and priority. `class` is a
class of music.
"""
