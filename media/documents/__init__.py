"""What documents are, and how many pages they have, whatever their names say."""
