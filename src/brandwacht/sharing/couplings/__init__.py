"""What the other end of a coupling is asked, and how its answers are read. Nothing here knows the database."""
