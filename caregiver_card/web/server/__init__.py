"""The server around the application: connections, queues, and the processes that answer.

Page workers accept every connection, read whole requests without waiting for any, and answer what
an emergency needs. They hand everything else over: forms to one process, prints to processes of
their own at a lower priority, each through a queue with a limit. ``worker`` alone knows gunicorn.
"""
