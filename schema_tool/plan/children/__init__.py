"""What the server does by itself to heirs and partitions when their parent changes."""
