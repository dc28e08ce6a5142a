"""How the fields of the admin's forms are drawn, started and read."""
