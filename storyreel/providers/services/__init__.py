"""The services that can be asked, one module each; `storyreel.providers.transport` says how one is written."""
