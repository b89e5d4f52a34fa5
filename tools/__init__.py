"""Scripts of the project itself: what `make test` and `make check` run. Nothing here is part of the product."""
