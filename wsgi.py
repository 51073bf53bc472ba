"""What gunicorn and the flask command load."""

import os

from caregiver_card.web import create_app
from caregiver_card.web.config import Config

app = create_app(Config.from_environment(os.environ))
