"""The ways by which a message goes out: e-mail and Web Push.

A new channel is a new module here; ``channel`` says what it must do. Only this room uses the
libraries that send.
"""
