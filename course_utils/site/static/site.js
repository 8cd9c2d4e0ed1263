// Opened from a folder, a page may not look into others: then the search shows where a word stands, without the words around it.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
