"""Images made elsewhere, brought in as finished campaigns of the backend `archive`."""
