"""The vertebral column: where its levels lie, and each vertebra from the front and from the side."""
