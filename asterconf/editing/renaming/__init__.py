"""A new name for an object: every place that bears the old one."""
