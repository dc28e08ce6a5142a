"""What runs by itself: schedulers, what wakes and replaces them, and whether they are well."""
