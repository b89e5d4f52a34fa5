"""The whole assessment as a workbook: what stands in it, how it is read back, and what it would change."""
