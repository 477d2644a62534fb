"""Retention (保存期間と消去): what must be gone when, and the deletion of numbers at the PF. Pure: no files, no store, no clock."""
