"""Text in the room there is: lines, columns, and what has to give way."""
