"""What is personal in a message, and how it is blotted out before anything is kept."""
