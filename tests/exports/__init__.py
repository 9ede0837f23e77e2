"""What leaves the program, read by programs that know nothing of ours."""
