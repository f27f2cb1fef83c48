// Before the worker: start without the image where there is none, and tell the page what is written to the console.
if (!BUILT.manifest.files.image) Object.defineProperty(globalThis, "name", { value: "?start=fallback" });

for (const kind of ["info", "warn", "error"]) {
  const write = console[kind];
  console[kind] = (...words) => {
    write.apply(console, words);
    globalThis.postMessage({ type: "console", words: words.map(String).join(" ") });
  };
}
