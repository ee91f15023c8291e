"""What a card can prove: AES, keys per card, and NTAG 424 DNA. Bytes in, verdicts out; no reader, no file, no log.

Sources: NXP's datasheet of NTAG 424 DNA (NT4H2421Gx), AN12196 (its features and hints) and AN10922 (keys per card).
"""
