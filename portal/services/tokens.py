"""What is stored of a browser's secret tokens."""

import hashlib


def token_digest(token: str) -> str:
    """A token has 256 random bits, so a plain digest needs neither salt nor slowness."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
