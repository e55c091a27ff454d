// @ts-nocheck
/*
 * Says so where this browser is too old for Sharelog, instead of a page on which nothing happens.
 * A classic script in the language of 2009: the browsers it is meant for must be able to read it.
 */
(() => {
  function show(id) {
    var message = document.getElementById(id);
    var form = document.getElementById("log");
    if (message) message.hidden = false;
    if (form) form.hidden = true;
    // Nothing of the app is true here: neither its state nor what it offers.
    document.body.className = "unfit";
  }

  function deflates() {
    try {
      return Boolean(new CompressionStream("deflate-raw"));
    } catch (_error) {
      return false;
    }
  }

  function lacks() {
    return (
      !("noModule" in document.createElement("script")) ||
      typeof Promise !== "function" ||
      // Chromium has had it since the version that browsers.json names, the others a little before.
      !(window.CSS && CSS.supports("color", "color-mix(in srgb, red, red)")) ||
      !deflates()
    );
  }

  // What the list above has missed: the app's own file cannot be read.
  window.addEventListener("error", (event) => {
    if (event.error && event.error.name === "SyntaxError") show("too-old");
  });

  if (window.isSecureContext === false) show("not-secure");
  else if (lacks() || !window.crypto || !window.crypto.subtle) show("too-old");
})();
