// One key for what is done a hundred times a day. Everything it does is a link or a button of the page.
(() => {
  "use strict";
  const stored = "guichet.keys";
  const off = () => localStorage.getItem(stored) === "off";
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, textarea, select")) found.focus();
    else found.click();
  });

  // A reader of PDF takes the keyboard as it opens: it is given back, unless a person went there by Tab or pointer.
  let tabbed = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") tabbed = event.timeStamp;
  });
  window.addEventListener("blur", (event) => {
    setTimeout(() => {
      const taken = document.activeElement;
      if (!taken || !taken.matches("iframe:not(:hover)") || event.timeStamp - tabbed < 500) return;
      taken.blur();
      window.focus();
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-keys-switch]")) {
      const show = () => button.setAttribute("aria-pressed", String(!off()));
      button.hidden = false;
      button.addEventListener("click", () => {
        localStorage.setItem(stored, off() ? "on" : "off");
        show();
      });
      show();
    }
  });
})();
