"""Real servers, a real browser and a bad network for the tests, on loopback only."""
