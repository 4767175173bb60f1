"""Runs the PyTorch twin of program 11 and records what it printed, with the version that printed it.

    python3 examples/lesson/record-torch.py            # writes 11-autograd-confirms-the-gradient.torch.txt
    python3 examples/lesson/record-torch.py --print    # prints the record and writes nothing

Needs a Python with torch.
"""

import subprocess
import sys
from pathlib import Path

import torch

twin = Path(__file__).with_name("11-autograd-confirms-the-gradient.py")
printed = subprocess.run([sys.executable, str(twin)], check=True, capture_output=True, text=True).stdout
record = f"PyTorch {torch.__version__}\n{printed}"

if "--print" in sys.argv:
    sys.stdout.write(record)
else:
    twin.with_suffix(".torch.txt").write_text(record)
