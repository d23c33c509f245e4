"""The settings of Sphinx for the decks."""

project = "Triptych"
language = "en"
extensions = ["myst_parser", "sphinx_revealjs", "docs.slides.extension"]
# Said, because Sphinx writes what extensions add into its own default, which the next build in this
# process would start from.
source_suffix = {".md": "markdown"}
root_doc = "index"
templates_path = ["_templates"]
revealjs_static_path = ["_static"]
html_copy_source = False
smartquotes = False  # what a slide says of code has to stay as it was typed
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
nitpicky = True
