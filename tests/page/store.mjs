/** Stand-ins for what a browser gives the page: a storage with a limit, elements with no more than a test asks of them. */

export class Store {
  constructor(texts = {}, limit = Infinity) {
    Object.assign(this, texts);
    Object.defineProperty(this, "limit", { value: limit, writable: true });
  }
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, text) {
    const held = Object.entries(this).reduce((size, [name, value]) => size + (name === key ? 0 : name.length + value.length), 0);
    if (held + key.length + text.length > this.limit) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
    this[key] = text;
  }
  removeItem(key) {
    delete this[key];
  }
}

/** Put up a page of elements with these ids, which keep their children and text. */
export function page(...ids) {
  const elements = new Map(ids.map((id) => [id, element(id)]));
  globalThis.document = { getElementById: (id) => elements.get(id), createElement: element };
  return Object.fromEntries(elements);
}

export function element(name) {
  return {
    name,
    children: [],
    textContent: "",
    hidden: false,
    replaceChildren(...children) {
      this.children = children;
    },
  };
}
