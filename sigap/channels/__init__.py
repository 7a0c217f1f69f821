"""Where applicants are: the ways a message comes in and an answer goes out. Knows nothing of passports."""
