"""What differs from country to country: how numbers are dialled, and what they cost."""

from __future__ import annotations

from asterconf.countries.numbers import Form, NumberPlan, NumbersError, number_plan

__all__ = ["Form", "NumberPlan", "NumbersError", "number_plan"]
