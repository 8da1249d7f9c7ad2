"""The variables that every template has, and what they are (API-05)."""

#: Descriptions by name.
TEMPLATE_BASE_CONTEXT = {
    "request": "The request that is answered; None for a page that answers none.",
    "crumb_items": "Async function of `request`, `database` and `table`: links to what is above.",
    "urls": "Makes addresses of pages: `urls.table(database, table)` and others.",
    "actor": "Who looks at the page: a dictionary, or None.",
    "menu_links": "Async function: entries of the main menu, with `href` and `label`.",
    "display_actor": "Function of an actor: what to call it.",
    "show_logout": "Whether there is a cookie to sign out from.",
    "zip": "The function of Python.",
    "body_scripts": "Scripts for the end of the page: dictionaries with `script` and `module`.",
    "format_bytes": "Function of a number of bytes: the number for people.",
    "show_messages": "Function: pairs of text and kind of the messages that were not shown yet.",
    "extra_css_urls": "Style sheets: dictionaries with `url` and perhaps `sri`.",
    "extra_js_urls": "Scripts: dictionaries with `url` and perhaps `sri` and `module`.",
    "base_url": "Where the site begins, such as `/`.",
    "datasette_version": "The version of the server.",
}
