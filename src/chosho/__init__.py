"""chosho (調書): the batch system that makes the tax office's payment statements (支払調書)."""
