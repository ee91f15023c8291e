"""Payloads of every family, made by hand from the fields that its makers document, and what each of them says.

One module a profile, named as it with underscores, with `CASES`.
"""
