"""Letters to residents: written with what they tell of, sent later, at least once."""
