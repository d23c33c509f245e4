"""The settings of Sphinx for the decks."""

project = "Triptych"
language = "en"
extensions = ["myst_parser", "sphinx_revealjs", "tools.slides.extension"]
# Set here, because extensions change Sphinx's default in place, and the next build in this process
# would start from the changed one.
source_suffix = {".md": "markdown"}
root_doc = "index"
templates_path = ["_templates"]
revealjs_static_path = ["_static"]
html_copy_source = False
smartquotes = False  # code must stay as it was typed
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence"]
nitpicky = True
