"""Which of the next step's action values a target is built on."""
