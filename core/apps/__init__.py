"""What both apps are made of, above the domain and the terminal kit: an app over services, its command, its server."""
