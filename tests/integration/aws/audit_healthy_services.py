"""Healthy resources of all other services, each with its recommended alarms."""
