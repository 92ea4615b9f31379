"""The vertebral column: its levels, and each vertebra from the front and from the side."""
