"""Cards that are not there: each answers APDUs as its kind does, on a virtual reader or straight in a test's hands.

`deploy.bench.virtual_reader.card.VirtualCard` shows any of them to a real pcscd.
"""
