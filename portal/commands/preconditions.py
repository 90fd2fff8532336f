"""What every command wants before it starts, and in whose name it acts."""

import os
import pwd

from portal.config import Settings, load_settings
from portal.domain.identity import Officer
from portal.installation import refuse_a_shared_environment


def effective_settings() -> Settings:
    """Raises ForeignNames, then ConfigurationFaults with all of them."""
    refuse_a_shared_environment()
    return load_settings(os.environ)


def officer() -> Officer:
    """Whoever types here, for the audit records; a container's user may have no name."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Officer(f"командная строка, {name}")
