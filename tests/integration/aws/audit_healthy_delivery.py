"""What else carries alarms to people in the healthy account: rules, composites, dead-letter queues."""
