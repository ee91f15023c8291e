"""How things look and what they say: texts in both languages, symbols and colours. Nothing here draws."""
