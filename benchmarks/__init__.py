"""Side-by-side runs against peers: `python -m benchmarks` prints and stores the ratios."""
