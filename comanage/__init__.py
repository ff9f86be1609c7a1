"""CoManage: the ground that every room stands on."""

__version__ = "0.1.0"
