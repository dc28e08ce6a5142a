"""What was done with an object, and what one version of it changes of another."""
