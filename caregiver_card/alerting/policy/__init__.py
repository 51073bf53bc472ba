"""Who is told what and when: rules without a database, a clock or a channel."""
