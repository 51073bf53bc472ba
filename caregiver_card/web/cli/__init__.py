"""The command line: the command groups, with all their commands.

Each command is thin: it reads its input, calls the rooms below ``web``, and writes one clear line
for each fault. The commands use ``web.services`` and ``web.config``, and no view.
"""

from caregiver_card.web.cli import batch, keys
from caregiver_card.web.cli.alerts import send, work
from caregiver_card.web.cli.cards import alert_commands, backups, card
from caregiver_card.web.cli.fhir import fhir
from caregiver_card.web.cli.from_fhir import from_fhir
from caregiver_card.web.cli.prune import prune
from caregiver_card.web.cli.review import review
from caregiver_card.web.cli.status import downgrade, status

_COMMANDS = (batch.print_all, fhir, from_fhir, review, status, downgrade, prune, keys.rotate_key)
for command in _COMMANDS:
    card.add_command(command)
alert_commands.add_command(send)
alert_commands.add_command(work)
GROUPS = (card, alert_commands, backups)
