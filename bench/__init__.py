"""Figures, side by side with others of their kind in the same run: `python -m bench`."""
