"""Who names what: every place of a configuration that names something, in one index."""
