"""What laws of calls share."""

import pytest


@pytest.fixture
def short_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a call on paper that goes round end after a thousand steps."""
    monkeypatch.setattr("asterconf.flow.run.MOST_STEPS", 1_000)
