"""The verbs of the management company; who asks is an Officer."""
