"""Settings for each place, read from the environment; what is wrong stops the start."""
