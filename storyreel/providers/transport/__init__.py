"""One place from which every vendor is asked. (The how-to follows.)"""

from storyreel.providers.transport.buying import StillWorking, ask_free, buy
from storyreel.providers.transport.downloads import Expired, download, kind_of
from storyreel.providers.transport.faults import Lost, ServerFault
from storyreel.providers.transport.http import MEGABYTE, Call, FilePart, Reply, read_as
from storyreel.providers.transport.jobs import Done, Gone, Job, Waiting, buy_job
from storyreel.providers.transport.key import Key, scrub
from storyreel.providers.transport.links import buy_linked
from storyreel.providers.transport.vendor import Vendor

__all__ = [
    "MEGABYTE",
    "Call",
    "Done",
    "Expired",
    "FilePart",
    "Gone",
    "Job",
    "Key",
    "Lost",
    "Reply",
    "ServerFault",
    "StillWorking",
    "Vendor",
    "Waiting",
    "ask_free",
    "buy",
    "buy_job",
    "buy_linked",
    "download",
    "kind_of",
    "read_as",
    "scrub",
]
