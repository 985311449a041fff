"""What a component of each kind must do: one small file a kind, and the data that flows between them."""
