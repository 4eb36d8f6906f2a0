"""What differs from country to country: how numbers are dialled, and what they cost."""

from __future__ import annotations

from asterconf.countries.numbers import (
    Form,
    NumberPlan,
    NumbersError,
    emergency_numbers,
    number_plan,
)
from asterconf.countries.profiles import PROFILES, Profile, Service, Tones, profile

__all__ = [
    "PROFILES",
    "Form",
    "NumberPlan",
    "NumbersError",
    "Profile",
    "Service",
    "Tones",
    "emergency_numbers",
    "number_plan",
    "profile",
]
