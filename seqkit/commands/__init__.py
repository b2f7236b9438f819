"""The commands of `seqkit`, a file each; `seqkit.cli` registers them."""
