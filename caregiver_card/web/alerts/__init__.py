"""The pages about alerts: the owner's, and those of the recipients."""
