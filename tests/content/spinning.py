"""A child that never ends; stands in for a hostile course."""

if __name__ == "__main__":
    while True:
        pass
