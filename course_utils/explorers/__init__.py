"""The explorers of the lessons, one module each."""
