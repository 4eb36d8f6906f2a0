"""What the text of a configuration does when it is used: pure functions, no files."""
