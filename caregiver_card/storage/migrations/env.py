"""What Alembic runs for each upgrade: the steps, on the connection that `upgrade` hands over.

The caller's transaction is used, so a step that fails leaves nothing behind. No logging is set up
here, because that belongs to the application.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
