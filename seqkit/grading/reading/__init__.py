"""Find what a class handed in, tell whose it is, and read each notebook into cells to run."""
