"""The ways a message goes out. A new channel is a new file here, in the manner of ``channel``."""
