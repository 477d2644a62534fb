"""The command line (コマンド): one file per noun, thin; the only users of rich and of the machine's clock."""
