"""The steps of the schema, one file each; Alembic finds them by their names."""
