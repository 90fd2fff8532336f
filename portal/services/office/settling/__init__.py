"""Money between the operator and those for whom he collects."""
