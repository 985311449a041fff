"""Policies that try actions."""
