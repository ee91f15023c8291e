"""Tests mirror the tree; journeys run whole processes with real parts; support holds hand-written fakes."""
