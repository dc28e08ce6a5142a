"""The screens on which answers to forms are read, exported and deleted."""
