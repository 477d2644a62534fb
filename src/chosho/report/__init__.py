"""Reports (帳票): what people read and print. Facts in, text out; no files, no store."""
