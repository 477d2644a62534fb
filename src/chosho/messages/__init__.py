"""The message table (メッセージ一覧): one CSV per area, read together as one table."""
