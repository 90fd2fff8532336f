"""Paper: bytes from frozen values, which know nothing of where they came from."""
