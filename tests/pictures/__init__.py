"""What the portal looks like, for the README: `make pictures`."""
