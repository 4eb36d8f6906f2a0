"""A dialplan in its files: contexts edited step by step, and contexts as text."""
