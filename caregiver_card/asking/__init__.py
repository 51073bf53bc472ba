"""The caregiver's questions: which, in what order, and what the answers make of a card."""
