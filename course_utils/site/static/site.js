// Opened from a folder, a page may not read others: then the search names the pages, without the words around what was found.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// A formula that is wider than the page scrolls; the keyboard has to get there to do it. The theme does so for code.
window.addEventListener("load", async () => {
  await window.MathJax?.startup?.promise;
  const stops = () => document.querySelectorAll('mjx-container[display="true"]').forEach((formula) => {
    formula.tabIndex = formula.scrollWidth > formula.clientWidth ? 0 : -1;
  });
  stops();
  window.addEventListener("resize", stops);
});
