"""Many cards from one table: a clinic's file is read, validated and printed by several processes.

The room uses everything below the web: ``card`` validates each row as it does any card file,
``printing`` prints it, and ``storage`` prepares it for the store.
"""
