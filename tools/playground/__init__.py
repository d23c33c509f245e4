"""The playground: a page in which one tries out what the lessons tell, without an installation."""
