"""The addresses of the network's pages, one module per namespace."""
