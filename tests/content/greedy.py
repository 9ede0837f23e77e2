"""A child that takes more memory than it may; stands in for a hostile course."""

from lms.content.compile import limit

if __name__ == "__main__":
    limit()
    print(len(b"x" * (4 * 1024**3)))
