"""What a learner does in a course, and what she says of it."""
