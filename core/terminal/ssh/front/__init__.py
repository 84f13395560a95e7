"""The process that meets the network: SSH, limits, and a relay to each child. No app, no database, no vault."""
