"""Счета: issuing a month's documents, taking one back, paying them with what came in."""
