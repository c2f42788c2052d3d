"""The version of the product, as its package was built."""

from importlib.metadata import version

VERSION = version("linmai")
