"""The screens on which subscribers are listed, exported, taken off the list and deleted."""
