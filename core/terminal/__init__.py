"""The terminal kit: what the apps share on screen and on the wire. It knows no part and no use case."""
