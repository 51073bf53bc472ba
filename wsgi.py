"""What gunicorn and the flask command load."""

import os
import sys

from caregiver_card.web import create_app, redaction
from caregiver_card.web.config import Config, WrongSetting

# First, for what fails below.
redaction.redact_stderr()
try:
    app = create_app(Config.from_environment(os.environ))
except WrongSetting as fault:
    print(f"ERROR settings: {fault}", file=sys.stderr)
    sys.exit(2)
