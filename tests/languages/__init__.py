"""Every language offered: whole, as the English, and without English where it is not marked."""
