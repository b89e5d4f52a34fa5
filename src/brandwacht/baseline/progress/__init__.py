"""What a progress report says, how it is told and drawn, and a released one as a file."""
