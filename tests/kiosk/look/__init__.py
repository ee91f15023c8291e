"""Tests of texts, symbols and colours."""
