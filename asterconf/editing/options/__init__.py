"""The fewest lines that make a section say something else."""
