"""The components behind the template tags of `bw`, by what they are about; the manual is in templatetags/bw.py."""
