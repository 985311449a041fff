"""What is kept between processes so that it need not be made again: in the user's cache folder, never needed."""
