// The page's half of a live picture: it paints what the kernel sends, and tells what a person does.
//
// A picture is asked for by having painted the one before, so that one is under way at most. The kernel shows a still
// picture as the output of the cell, which a saved notebook keeps; it has a mark in its first bytes, and the live one
// is put in its place. Where that is no way (`render`), the live one is an output of its own.

// `window.asyncParaView` is the script that it has in common with the web client, which stands before it.

const PICTURE_URL = "data:image/png;base64,";
const MARK = /apv-live ([0-9a-f]{32})/;
const MARK_CHARACTERS = 160; // of base64: a PNG's first bytes, with the mark
const MOST_UNHEARD = 30; // moves that are sent while nothing comes back
const BUTTONS = ["left", "middle", "right"];
const STEP_OF_WHEEL = [100, 3, 1]; // pixels, lines, pages: what is one notch
const HOVER_EVERY_MS = 100;
const SAME_MS = 50; // what happens within so long has one cause
const ANSWER_MS = 5000; // so soon a kernel answers that lives, unless a cell keeps it from that
const GONE = "The kernel of this picture has ended. Run the cell again for a live one.";

/** The mark of a still picture of ours, null of any other image. */
function markOf(image) {
  if (!image.src.startsWith(PICTURE_URL)) return null;
  const found = MARK.exec(atob(image.src.slice(PICTURE_URL.length, PICTURE_URL.length + MARK_CHARACTERS)));
  return found && found[1];
}

/** What the page knows of one live view: its newest picture, and the places that show it. */
class Player {
  constructor(model) {
    this.model = model;
    this.mark = model.get("mark");
    this.places = new Set();
    this.decoder = new window.asyncParaView.Decoder();
    this.picture = null;
    this.size = [model.get("width"), model.get("height")]; // of its places, in CSS pixels
    this.still = false; // whether it is exact, and stays until something changes
    this.handles = false; // whether something in the view can be dragged
    this.said = { state: "", found: "" };
    this.visible = false;
    this.unheard = 0;
    this.heard = (content, buffers) => this.hear(content, buffers);
    this.looked = () => this.look();
    this.ask = () => this.askWhetherItLives();
    model.on("msg:custom", this.heard);
    model.on("comm_live_update", this.ask);
    document.addEventListener("visibilitychange", this.looked);
    this.unwatch = window.asyncParaView.watchPixelRatio(() => this.tellWhetherSeen());
  }

  dispose() {
    this.model.off("msg:custom", this.heard);
    this.model.off("comm_live_update", this.ask);
    clearTimeout(this.doubt);
    document.removeEventListener("visibilitychange", this.looked);
    this.unwatch();
    for (const place of [...this.places]) place.dispose();
  }

  tell(content) {
    try {
      this.model.send(content);
    } catch (error) {
      console.warn("a live picture cannot reach its kernel:", error);
      this.say("state", GONE);
    }
  }

  /** The page has lost its kernel, or found it again: one that lives answers by a picture. */
  askWhetherItLives() {
    clearTimeout(this.doubt);
    this.doubt = setTimeout(() => this.say("state", GONE), ANSWER_MS);
    this.visible = true;
    this.tellWhetherSeen();
    this.look();
  }

  hear(content, buffers) {
    this.unheard = 0;
    clearTimeout(this.doubt);
    if (this.said.state === GONE) this.say("state", "");
    if (content.kind === "picture") this.show(content, buffers[0]);
    else if (content.kind === "hovered") this.hover(content.on);
    else if (content.kind === "said") this.say(content.of, content.text);
  }

  async show(content, buffer) {
    try {
      const picture = await this.decoder.decode(bytesOf(buffer), `image/${content.format}`);
      await new Promise(requestAnimationFrame);
      if (this.picture) this.picture.close();
      this.picture = picture;
      this.fit(content.place);
      this.still = content.still;
      this.handles = content.handles;
      for (const place of this.places) place.paint();
    } catch (error) {
      console.error("a picture of a view cannot be shown:", error);
    }
    this.tell({ kind: "painted", sequence: content.sequence });
  }

  /** Have its places so large, in CSS pixels. What is shown is stretched until a picture of that size comes. */
  fit(size) {
    if (size[0] === this.size[0] && size[1] === this.size[1]) return;
    this.size = size;
    for (const place of this.places) if (!place.resizing) place.fit(...size);
  }

  hover(on) {
    for (const place of this.places) place.element.classList.toggle("apv-hovered", on);
  }

  say(of, text) {
    this.said[of] = text;
    for (const place of this.places) place.say();
  }

  /** Tell whether anybody can see it: nothing is sent of what is scrolled away, or in a tab behind others. */
  look() {
    const visible = !document.hidden && [...this.places].some((place) => place.seen);
    if (visible === this.visible) return;
    this.visible = visible;
    this.tellWhetherSeen();
  }

  tellWhetherSeen() {
    const pixel_ratio = window.asyncParaView.pixelRatio();
    this.tell({ kind: "visible", visible: this.visible, pixel_ratio });
  }
}

/** One place in the page that shows a live view. */
class Place {
  constructor(player, smallest = 32) {
    this.player = player;
    this.smallest = smallest;
    this.seen = false;
    this.held = new Set(); // pointers that are down
    this.followers = {
      pointermove: (event) => this.move(event),
      pointerup: (event) => this.release(event, "release"),
      pointercancel: (event) => this.release(event, "cancel"),
    };
    this.hovered = -Infinity;
    this.moves = new Map();
    this.waiting = false;
    this.left = -Infinity; // when it has lost the focus
    this.covered = null;
    this.build();
    this.watcher = new IntersectionObserver((entries) => {
      this.seen = entries[entries.length - 1].isIntersecting;
      player.look();
    });
    this.watcher.observe(this.element);
    this.listen();
    player.places.add(this);
    this.say();
    this.paint();
  }

  build() {
    const element = document.createElement("div");
    element.className = "apv-live";
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    element.setAttribute("aria-roledescription", "live picture");
    element.setAttribute("aria-label", this.player.model.get("title"));
    element.dataset.lmSuppressShortcuts = "true"; // keys are the view's, not commands of JupyterLab
    element.dataset.apvMark = this.player.mark;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
    this.corner = document.createElement("div");
    this.corner.className = "apv-corner";
    this.corner.title = "drag to resize";
    this.line = document.createElement("div");
    this.line.className = "apv-said";
    this.line.setAttribute("role", "status");
    element.append(this.canvas, this.corner, this.line);
    this.element = element;
    this.fit(...this.player.size);
  }

  fit(width, height) {
    this.element.style.width = `${width}px`;
    this.element.style.aspectRatio = `${width} / ${height}`;
  }

  paint() {
    const picture = this.player.picture;
    if (!picture) return;
    if (this.canvas.width !== picture.width || this.canvas.height !== picture.height) {
      this.canvas.width = picture.width;
      this.canvas.height = picture.height;
    }
    picture.draw(this.context);
    this.element.dataset.apvStill = this.player.still;
  }

  say() {
    const { state, found } = this.player.said;
    this.line.textContent = state || found;
  }

  listen() {
    const on = (element, name, listener) => element.addEventListener(name, listener, { passive: false });
    on(this.canvas, "pointerdown", (event) => this.press(event));
    on(this.canvas, "pointermove", (event) => this.hover(event));
    on(this.canvas, "contextmenu", (event) => event.preventDefault());
    on(this.canvas, "wheel", (event) => this.wheel(event));
    on(this.element, "keydown", (event) => this.key(event));
    on(this.element, "blur", () => (this.left = performance.now()));
    on(this.corner, "pointerdown", (event) => this.resize(event));
  }

  /** Where an event is, in CSS pixels of the place, which a narrow page may show smaller. */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / Math.max(box.width, 1)) * this.player.size[0];
    const y = ((event.clientY - box.top) / Math.max(box.height, 1)) * this.player.size[1];
    return { x, y };
  }

  happened(kind, event, more) {
    const modifiers = ["shift", "ctrl", "alt", "meta"].filter((name) => event[`${name}Key`]);
    return { kind, modifiers, ...more };
  }

  pointed(kind, event, button) {
    const touch = event.pointerType === "touch";
    return this.happened(kind, event, { ...this.at(event), button, touch, pointer: event.pointerId });
  }

  tell(event) {
    this.player.tell({ kind: "event", event });
  }

  press(event) {
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    this.hold(event.pointerId);
    this.player.say("found", "");
    this.tell(this.pointed("press", event, BUTTONS[event.button] || ""));
  }

  /** Follow a pointer until it is let go, also when the page puts the picture elsewhere, which ends a capture. */
  hold(pointer) {
    this.held.add(pointer);
    this.element.classList.add("apv-pressed");
    for (const name in this.followers) window.addEventListener(name, this.followers[name], { passive: false });
  }

  letGo(pointer) {
    this.held.delete(pointer);
    if (this.held.size > 0) return;
    this.element.classList.remove("apv-pressed");
    for (const name in this.followers) window.removeEventListener(name, this.followers[name]);
  }

  /** What can be dragged is highlighted under the mouse. */
  hover(event) {
    const now = performance.now();
    if (!this.player.handles || this.held.size > 0 || event.buttons !== 0 || now - this.hovered < HOVER_EVERY_MS) return;
    this.hovered = now;
    this.tell(this.pointed("move", event, ""));
  }

  move(event) {
    if (!this.held.has(event.pointerId)) return;
    event.preventDefault();
    if (event.buttons === 0) {
      this.release(event, "release"); // it was let go where no page is told of it
      return;
    }
    this.moves.set(event.pointerId, this.pointed("move", event, ""));
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (this.player.unheard < MOST_UNHEARD) this.tellMoves();
    });
  }

  tellMoves() {
    for (const move of this.moves.values()) {
      this.player.unheard += 1;
      this.tell(move);
    }
    this.moves.clear();
  }

  release(event, kind) {
    if (!this.held.has(event.pointerId)) return;
    if (event.buttons !== 0) return; // another button is still held
    this.tellMoves();
    this.letGo(event.pointerId);
    this.tell(this.pointed(kind, event, BUTTONS[event.button] || ""));
  }

  /** The wheel scrolls the notebook, until the picture was clicked. */
  wheel(event) {
    if (document.activeElement !== this.element && !event.ctrlKey) return;
    event.preventDefault();
    const notches = -event.deltaY / STEP_OF_WHEEL[event.deltaMode];
    this.tell(this.happened("wheel", event, { ...this.at(event), notches }));
  }

  key(event) {
    if (event.target !== this.element || event.key === "Tab" || event.key === "Shift") return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.stopPropagation();
    event.preventDefault();
    if (event.key === "Escape") this.element.blur();
    this.tell(this.happened("key", event, { key: event.key }));
  }

  /** The corner is dragged: the old picture is stretched until one of the new size comes. */
  resize(down) {
    down.preventDefault();
    this.corner.setPointerCapture(down.pointerId);
    const box = this.canvas.getBoundingClientRect();
    this.resizing = true;
    const moved = (event) => {
      const width = Math.max(this.smallest, Math.round(box.width + event.clientX - down.clientX));
      const height = Math.max(this.smallest, Math.round(box.height + event.clientY - down.clientY));
      this.fit(width, height);
      this.player.tell({ kind: "resize", width, height, pixel_ratio: window.asyncParaView.pixelRatio() });
      if (event.buttons === 0) ended();
    };
    const ended = () => {
      this.resizing = false;
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", moved);
      window.removeEventListener("pointercancel", ended);
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", moved);
    window.addEventListener("pointercancel", ended);
  }

  /** Take the place of a still picture. */
  cover(image) {
    this.covered = image;
    image.style.display = "none";
    image.parentElement.insertBefore(this.element, image);
    const lostByThis = performance.now() - this.left < SAME_MS && document.activeElement === document.body;
    if (lostByThis) this.element.focus({ preventScroll: true });
  }

  dispose() {
    this.watcher.disconnect();
    for (const pointer of [...this.held]) this.letGo(pointer);
    this.element.remove();
    if (this.covered) this.covered.style.display = "";
    this.player.places.delete(this);
    this.player.look();
  }
}

/** The bytes of what came beside a message. */
function bytesOf(buffer) {
  return buffer instanceof DataView ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : buffer;
}

const players = new Map();

function playerOf(model) {
  const mark = model.get("mark");
  if (!players.has(mark)) players.set(mark, new Player(model));
  return players.get(mark);
}

/** Have the live view cover the still pictures of it, those that there are and those that come. */
function cover(player) {
  const covered = new WeakMap(); // by what holds the image: a notebook replaces the image, not that
  const look = (root) => {
    const images = root.tagName === "IMG" ? [root] : root.querySelectorAll("img");
    for (const image of images) {
      if (markOf(image) !== player.mark || image.style.display === "none") continue;
      const holder = image.parentElement;
      if (!covered.has(holder)) covered.set(holder, new Place(player));
      covered.get(holder).cover(image);
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") look(change.target);
      for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) look(node);
    }
  });
  look(document.body);
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });
  return () => observer.disconnect();
}

function initialize({ model }) {
  const player = playerOf(model);
  const uncover = model.get("covers") ? cover(player) : () => {};
  return () => {
    uncover();
    player.dispose();
    players.delete(player.mark);
  };
}

function render({ model, el }) {
  const place = new Place(playerOf(model));
  el.append(place.element);
  return () => place.dispose();
}

export default { initialize, render };
