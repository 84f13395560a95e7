"""The domain of Lockwright and its terminal kit; importing it loads nothing."""
