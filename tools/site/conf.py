"""The settings of Sphinx for the site."""

from __future__ import annotations

import warnings

# docutils announces that a class of Sphinx's extensions will move.
warnings.filterwarnings("ignore", category=DeprecationWarning)
warnings.filterwarnings("ignore", category=PendingDeprecationWarning)

project = "Triptych"
copyright = "the Triptych authors, MIT licence"
language = "en"
extensions = [
    "myst_nb",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "tools.site.tabs",
]
# Set here, because extensions change Sphinx's default in place, and the next build in this process
# would start from the changed one.
source_suffix = {".rst": "restructuredtext"}
root_doc = "index"
exclude_patterns = ["**/source/*"]
smartquotes = False  # code must stay as it was typed
nitpicky = False

# The lessons have been run by tools.site.outputs, on every backend.
nb_execution_mode = "off"
nb_merge_streams = False
nb_render_text_lexer = "text"
nb_execution_show_tb = False
# The lessons use dollars for prices; only the page of mathematics uses them for formulas.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.header",  # a decision or a guide may start its sections at a lower level
]

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
default_role = "code"
add_module_names = False
python_display_short_literal_types = True

html_theme = "furo"
html_title = "Triptych"
html_static_path = ["_static"]
templates_path = ["_templates"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_favicon = "_static/logo.svg"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = False
html_domain_indices = False
html_theme_options = {
    "light_logo": "logo.svg",
    "dark_logo": "logo.svg",
    "top_of_page_buttons": [],
    "light_css_variables": {
        "color-brand-primary": "#005a8e",
        "color-brand-content": "#005a8e",
        "color-brand-visited": "#6b3f87",
        "color-foreground-muted": "#595f66",
    },
    "dark_css_variables": {
        "color-brand-primary": "#7cc4f0",
        "color-brand-content": "#7cc4f0",
        "color-brand-visited": "#d3a6e8",
        "color-foreground-muted": "#a9b0b8",
        "color-foreground-primary": "#e3e6ea",
    },
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
copybutton_exclude = ".linenos, .gp, .go"

# One file of the site, which includes the fonts. The menu is off, since it would load more files.
mathjax_path = "vendor/mathjax/tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False, "processHtmlClass": "math"}}
