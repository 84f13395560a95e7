"""A home folder to try things out in: people, staff, and a case in every state. Never for real accounts."""
