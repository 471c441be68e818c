// Connects the page to the sensor, says when the connection is lost, and heals it.
"use strict";
{
  const banner = document.getElementById("components-reconnect-modal");
  const retry = 1000;
  const staleAfterMs = 6000; // the page is drawn anew each second
  const surrender = 15000; // then a new page is loaded as soon as the sensor answers
  let tick = "0";
  let seen = performance.now();
  let isReloading = false;

  function show(isLost) {
    document.documentElement.toggleAttribute("data-lost", isLost);
    const text = isLost ? "The connection to the sensor is lost. The figures stand still. Trying again…" : "";
    if (banner.textContent !== text) {
      banner.textContent = text;
    }
  }

  // A sensor that was started again does not know this page any more: load it anew once it answers.
  async function reload() {
    if (isReloading) {
      return;
    }

    isReloading = true;
    show(true);
    for (;;) {
      try {
        await new Promise(resolve => setTimeout(resolve, retry));
        const answer = await fetch("/", { cache: "no-store" });
        if (answer.ok) {
          location.reload();
          return;
        }
      } catch {
        // It does not answer yet.
      }
    }
  }

  // Each drawing has a number, and the page as it was loaded has 0.
  function isDrawn() {
    const now = document.getElementById("main").dataset.tick;
    if (now === tick) {
      return false;
    }

    tick = now;
    seen = performance.now();
    document.documentElement.setAttribute("data-connected", "");
    return true;
  }

  // The first drawing is waited for, so that the page is known to be live at once.
  const first = new MutationObserver(() => isDrawn() && first.disconnect());
  first.observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-tick"] });

  // A number that stands still is a lost connection too, whatever the socket says.
  setInterval(() => {
    if (isDrawn()) {
      show(isReloading);
    } else if (performance.now() - seen > surrender) {
      reload();
    } else if (performance.now() - seen > staleAfterMs) {
      show(true);
    }
  }, 250);

  // Blazor takes clicks on links for itself, and scrolls without moving the focus.
  document.querySelector(".skip").addEventListener("click", () => document.getElementById("main").focus());

  banner.addEventListener("components-reconnect-state-changed", event => {
    const state = event.detail.state;
    if (state === "failed" || state === "rejected" || state === "resume-failed") {
      reload();
    } else if (state !== "hide") {
      show(true);
    }
  });

  Blazor.start({
    circuit: {
      configureSignalR: builder => builder.withUrl("_blazor", { skipNegotiation: true, transport: 1 }),
      reconnectionOptions: { maxRetries: 1_000_000, retryIntervalMilliseconds: retry },
    },
  }).catch(reload);
}
