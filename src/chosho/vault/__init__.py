"""The vault (金庫): keys, sealed files, age files and passphrases; the only package that uses ``cryptography``."""

from chosho.vault.memory import no_core_dumps

__all__ = ["no_core_dumps"]
