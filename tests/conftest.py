"""One thread a process: with two, a recurrent layer waits for a core that others keep busy."""

import os

for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ[name] = "1"  # before PyTorch or TensorFlow is imported, here and in what we start
