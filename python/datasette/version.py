"""The version of the API that this package offers (API-01, API-18)."""

__version__ = "1.0a41"
__version_info__ = tuple(__version__.split("."))
