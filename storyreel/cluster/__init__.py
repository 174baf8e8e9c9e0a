"""Work that only takes time, done on other machines: pictures, voices, music, clips and pieces of film.

    with on_cluster("tcp://scheduler:8786"):
        storyreel.title_film("The Last Lighthouse")

    Project("the-last-lighthouse", executor=client)      # the same for the steps of one project

`place` says where work is done just now, `dask` sends it to a Dask cluster, `pool` to any `concurrent.futures`
executor, and `work` is what the workers run. Workers keep nothing: what a piece of work needs goes with it by value,
and what it gives comes back into the one cache of whoever sent it. Nothing that costs money, holds a key or writes to
the cache is ever sent.
"""

from storyreel.cluster.place import done_by, on_cluster, place_now, travels

__all__ = ["done_by", "on_cluster", "place_now", "travels"]
