"""The account app: people sign up, sign in and look after two-factor authentication."""
