"""List the files behind the loaded modules."""

import sys

[file for module in list(sys.modules.values()) if (file := getattr(module, "__cached__", None) or getattr(module, "__file__", None))]
