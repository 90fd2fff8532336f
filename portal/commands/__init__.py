"""What the words of the command line do: one file a command, imported when it is called."""
