"""The pictures alone, as files for papers, drawn by Matplotlib."""
