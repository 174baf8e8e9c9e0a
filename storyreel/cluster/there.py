"""The one function that is sent to a worker by value: it finds storyreel there, or says that it is missing."""


def there(*args):  # type: ignore[no-untyped-def]  # nothing of this module may be looked up there
    """Do a piece of work with the worker's own storyreel; see `storyreel.cluster.work.work`."""
    import importlib

    return importlib.import_module("storyreel.cluster.work").work(*args)
