"""Tuning: a search for better values of an experiment, and whether they hold on other seeds."""
