"""The commands of the command line, one file each, and what they read, write and share."""
