"""What a charge's proof says to the person who pays: in words, with his own numbers."""
