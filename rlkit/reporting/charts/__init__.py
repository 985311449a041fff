"""Pictures with axes: what they show, apart from how it is drawn."""
