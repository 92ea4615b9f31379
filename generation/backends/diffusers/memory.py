"""The accelerator's memory: telling that it ran out, and giving it back."""

import gc
import sys

SIGNS = ("out of memory", "defaultcpuallocator")  # of MPS and XPU; of the CPU


def ran_out(error: BaseException) -> bool:
    """True of what torch raises when a tensor does not fit."""
    return type(error).__name__ == "OutOfMemoryError" or (
        isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in SIGNS)
    )


def give_back() -> None:
    """Free what is no longer in use. Not within `except`: the error holds tensors."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
