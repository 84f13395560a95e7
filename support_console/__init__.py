"""The support console: staff verify ownership and complete recoveries."""
