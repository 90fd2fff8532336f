"""Socket messages are compressed each by itself, so that a silent tab costs no memory.

zlib keeps some 290 KB a connection to compress a message by those before it, more than all the
rest of a tab; a screen of 20 KB compresses well without.  uvicorn has no setting for it.
"""

from functools import partial

from uvicorn.protocols.websockets import wsproto_impl
from wsproto.extensions import PerMessageDeflate

_FORGETFUL = partial(
    PerMessageDeflate, client_no_context_takeover=True, server_no_context_takeover=True
)


def compress_each_message_alone() -> None:
    """For the whole process.  Raises RuntimeError: uvicorn makes the extension elsewhere now."""
    if "PerMessageDeflate" not in vars(wsproto_impl):
        raise RuntimeError("uvicorn compresses sockets in another way than we know")
    wsproto_impl.PerMessageDeflate = _FORGETFUL  # type: ignore[assignment,attr-defined] # made alike
