"""Faults of category E, depth (checks 74 to 78), and F, cost (79 and 80), one function each."""
