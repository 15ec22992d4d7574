// Put into a page before its own scripts: notes when what is asked for is on the screen, and how long the page did not answer.
(() => {
  const seen = { first: null, edges: null, final: null, longest: 0, gap: 0, began: 0, isOld: false, failed: null };
  window.seen = seen;
  const says = (words) => (document.querySelector("section.stage")?.textContent ?? "").includes(words);
  const nothing = { first: null, edges: null, final: null, longest: 0, gap: 0 };
  // What is said of the photo before must not be taken for the next one's.
  window.begin = () => Object.assign(seen, nothing, { began: performance.now(), isOld: says("First cutout in") });

  /** Notes the time at which the browser has drawn what was just changed. */
  const shown = (name) =>
    requestAnimationFrame(() => requestAnimationFrame(() => (seen[name] ??= performance.now() - seen.began)));
  window.shown = shown;

  /** What was seen, once `last` is on the screen, or the page failed. */
  window.until = async (last, patience_ms) => {
    const began = performance.now();
    while (seen[last] === null && seen.failed === null) {
      if (performance.now() - began > patience_ms) seen.failed = `nothing was shown within ${patience_ms / 1000} s`;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return seen;
  };

  const isCut = () => !seen.isOld && says("First cutout in");
  // What a network drew of it lies in the preview until there is an editor.
  new MutationObserver(() => {
    if (seen.first === null && isCut() && document.querySelector(".preview[data-cut=true]")) shown("first");
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-cut"] });
  // The editor's picture lies in the application.
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    put.apply(this, given);
    if (!this.canvas.closest?.("[role=application]")) return;
    if (seen.edges === null && isCut()) for (const name of ["first", "edges"]) shown(name);
    if (seen.final === null && says("final in")) shown("final");
  };

  addEventListener("unhandledrejection", (event) => (seen.failed = String(event.reason)));
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (startTime + duration > seen.began) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: "longtask", buffered: true });
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    seen.gap = Math.max(seen.gap, now - Math.max(last, seen.began));
    last = now;
    if (seen.isOld) seen.isOld = says("First cutout in");
    setTimeout(tick);
  };
  tick();
})();
