"""What every page stands in: who asks, in which language, what she may see, and how the page is drawn."""
