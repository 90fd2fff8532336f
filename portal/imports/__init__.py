"""Files of the outside world: read into typed rows, checked whole, then applied."""
