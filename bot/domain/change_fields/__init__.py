"""What can be changed of a program, described once: a module for each section, with its fields."""
