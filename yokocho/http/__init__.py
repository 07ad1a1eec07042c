"""HTTP: one module per subject, and the server that carries them."""
