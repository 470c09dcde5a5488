"""`python -m deploy` is the program `hallwatch`."""

from deploy.command_line import main

main()
