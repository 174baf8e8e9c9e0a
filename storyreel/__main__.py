"""`python -m storyreel` is the command line."""

from storyreel.cli import main

main()
