"""What parts say in plain data, held to their contracts before anything is built."""
