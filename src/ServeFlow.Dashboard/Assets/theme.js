// Runs before the page is drawn, so that it appears in the chosen scheme at once.
"use strict";
{
  const key = "serveflow-scheme";
  const read = () => { try { return localStorage.getItem(key) ?? "auto"; } catch { return "auto"; } };
  const apply = scheme => document.documentElement.dataset.scheme = scheme;
  apply(read());

  document.addEventListener("change", event => {
    if (event.target.id === "scheme") {
      apply(event.target.value);
      try { localStorage.setItem(key, event.target.value); } catch { /* the choice lasts for this page */ }
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("scheme");
    if (select) {
      select.value = read();
    }
  });
}
