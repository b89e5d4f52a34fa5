"""TAXII 2.1 (OASIS, 2021): the face for programs at ``/taxii2/``. Same policy, same TLP, same chain as the pages."""
