"""The course as a site: every lesson run on every backend, with guide, slides and reports.

`python -m tools.site` builds it into a folder that needs no network, from disk or from a server.
"""
