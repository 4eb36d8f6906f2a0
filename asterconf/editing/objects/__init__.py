"""Objects in their files: where each stands, how it is written, changed and removed."""
