"""Help for the tests of tools that use this library; it needs the extra `testing`."""
