"""The verbs: functions of a session and of who asks; they never commit."""
