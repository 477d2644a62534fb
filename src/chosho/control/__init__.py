"""The control store (管理ストア): runs, generations, journal and registers; the only package that uses ``sqlite3``."""
