"""What Alembic runs for each upgrade: the migrations, on the connection that ``upgrade`` passes.

They run in the caller's transaction, so a migration that fails leaves nothing behind. The module
sets up no logging, because that belongs to the application.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
