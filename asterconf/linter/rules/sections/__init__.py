"""Rules about the sections of a file and their options, by the facts of the schema."""
