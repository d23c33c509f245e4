"""The course as a site: every lesson run on every backend, and all that belongs to it.

`python -m docs.site` builds it into a folder that needs no network, from disk or from a server.
"""
