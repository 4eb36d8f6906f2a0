"""Makes the pages of the documentation that are printed from the library itself."""
