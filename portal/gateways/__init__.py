"""The outside world: a protocol for what we ask of it, and whoever really answers."""
