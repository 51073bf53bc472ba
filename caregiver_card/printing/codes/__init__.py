"""QR codes: the card's address, and a contact that needs no network."""
