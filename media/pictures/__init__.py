"""What becomes of a picture's file when it comes in: looked at apart, upright, and without what a
camera noted about place and time."""
