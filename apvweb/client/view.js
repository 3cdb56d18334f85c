/* <apv-view>: the live picture of one view, and what a person does to it, over a web socket of its own.

   Pictures come as binary messages, one at a time: each is answered by {"kind": "painted"} when it has been drawn. What
   is done to the view goes the other way as text. A socket that was cut is opened again, and the picture stays. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const FIRST_RETRY_MS = 250;
  const LAST_RETRY_MS = 4000;
  const TELL_AFTER_MS = 800;
  const HOVER_EVERY_MS = 80;
  const HERE_EVERY_MS = 5000;
  const ANSWER_WITHIN_MS = 8000;
  const TAKEN_ELSEWHERE = 4001;
  const UNKNOWN_VIEW = 4004;
  const REFUSED = 4003;

  function socketAddress(address) {
    const url = new URL(address, document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
  }

  /* Notches of a wheel in a unit of its event: a pixel, a line, a page. */
  const PER_UNIT = [1 / 100, 1 / 3, 1];
  const BUTTONS = ["left", "middle", "right"];

  function modifiers(event) {
    const held = { shift: event.shiftKey, ctrl: event.ctrlKey, alt: event.altKey, meta: event.metaKey };
    return Object.keys(held).filter((name) => held[name]);
  }

  /* One socket that outlasts its connections. */
  class Link {
    constructor(address, heard, changed) {
      this.address = address;
      this.heard = heard;
      this.changed = changed;
      this.retry = FIRST_RETRY_MS;
      this.closed = false;
      this.open();
      this.beat = setInterval(() => this.ask(), HERE_EVERY_MS);
    }

    open() {
      const socket = new WebSocket(socketAddress(this.address));
      socket.binaryType = "arraybuffer";
      this.socket = socket;
      this.answered = Date.now();
      socket.onopen = () => {
        this.retry = FIRST_RETRY_MS;
        this.changed("open");
      };
      socket.onmessage = (message) => {
        this.answered = Date.now();
        this.heard(message.data);
      };
      socket.onclose = (event) => this.lost(socket, event.code);
    }

    lost(socket, code) {
      if (socket !== this.socket || this.closed) return;
      if (code === TAKEN_ELSEWHERE) return this.changed("elsewhere");
      if (code === UNKNOWN_VIEW) return this.changed("unknown");
      if (code === REFUSED) return this.changed("refused");
      this.changed("away");
      const wait = this.retry * (0.75 + Math.random() / 2);
      this.retry = Math.min(2 * this.retry, LAST_RETRY_MS);
      this.timer = setTimeout(() => this.open(), wait);
    }

    ask() {
      if (this.socket.readyState !== WebSocket.OPEN) return;
      if (Date.now() - this.answered > ANSWER_WITHIN_MS) {
        const silent = this.socket;
        silent.onclose = null;
        silent.close();
        this.lost(silent, 1006);
      } else this.send({ kind: "here" });
    }

    send(message) {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    close() {
      this.closed = true;
      clearTimeout(this.timer);
      clearInterval(this.beat);
      this.socket.close();
    }
  }

  const template = `
    <div class="apv-view" :data-mode="mode" :data-link="link" :data-fixed="fixed" :data-over="over">
      <canvas ref="canvas" class="apv-canvas" tabindex="0" role="application" :aria-label="label"
        aria-roledescription="interactive picture" aria-describedby="apv-view-keys"></canvas>
      <span id="apv-view-keys" class="apv-unseen">{{ keys }}</span>
      <div v-if="band" class="apv-band" :style="bandStyle"></div>
      <div v-if="!painted && link !== 'away'" class="apv-waiting" role="status">The first picture is being made</div>
      <div v-if="told" class="apv-banner" role="alert">
        <span>{{ told }}</span>
        <button v-if="link === 'elsewhere'" type="button" @click="again">Show it here</button>
        <button v-if="link === 'unknown' || link === 'refused'" type="button" @click="reload">Load the page again</button>
      </div>
    </div>`;

  const KEYS =
    "Drag turns, shift and drag moves, control and drag or the wheel zooms. Arrow keys turn, plus and minus zoom, R fits.";

  const TOLD = {
    away: "Reconnecting: the connection to the web server was lost. The picture is the last one.",
    elsewhere: "This page was opened in another window, which has the picture now.",
    unknown: "This session has ended.",
    refused: "The web server was started anew: open the link that it has printed.",
    server: "Reconnecting: the visualization server does not answer. The picture is the last one.",
  };

  const View = {
    name: "apv-view",
    template,
    props: {
      address: { type: String, required: true },
      label: { type: String, default: "View of the data" },
      mode: { type: String, default: "camera" },
      fixed: Boolean,
    },
    emits: ["told", "ended"],
    data() {
      return { link: "opening", late: false, painted: false, band: null, over: false, keys: KEYS };
    },
    computed: {
      told() {
        if (this.link === "away" && !this.late) return "";
        return TOLD[this.link] || "";
      },
      bandStyle() {
        const { x0, y0, x1, y1 } = this.band;
        const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
        return `left:${left}px;top:${top}px;width:${Math.abs(x1 - x0)}px;height:${Math.abs(y1 - y0)}px`;
      },
    },
    watch: {
      address() {
        this.again();
      },
    },
    mounted() {
      const canvas = this.$refs.canvas;
      this.context = canvas.getContext("2d", { alpha: false });
      this.decoder = new window.asyncParaView.Decoder();
      this.pending = {};
      this.resized = new ResizeObserver(() => this.tellSize());
      this.resized.observe(canvas);
      this.unwatch = window.asyncParaView.watchPixelRatio(() => this.tellSize());
      this.listeners = {
        pointerdown: (event) => this.press(event),
        pointermove: (event) => this.move(event),
        pointerleave: (event) => this.move(event),
        pointerup: (event) => this.release(event),
        pointercancel: (event) => this.release(event),
        wheel: (event) => this.wheel(event),
        keydown: (event) => this.key(event),
        contextmenu: (event) => event.preventDefault(),
      };
      for (const [name, listener] of Object.entries(this.listeners))
        canvas.addEventListener(name, listener, { passive: false });
      this.shown = () => this.acknowledge();
      document.addEventListener("visibilitychange", this.shown);
      this.again();
    },
    beforeUnmount() {
      if (apvweb.lastCanvas === this.$refs.canvas && this.painted) apvweb.last = this.$refs.canvas.toDataURL();
      this.wire.close();
      clearTimeout(this.telling);
      if (this.frame) cancelAnimationFrame(this.frame);
      this.resized.disconnect();
      this.unwatch();
      document.removeEventListener("visibilitychange", this.shown);
    },
    methods: {
      again() {
        if (this.wire) this.wire.close();
        this.owed = null;
        this.wire = new Link(this.address, (data) => this.heard(data), (state) => this.changed(state));
      },
      reload() {
        window.location.reload();
      },
      changed(state) {
        this.link = state;
        clearTimeout(this.telling);
        this.late = false;
        if (state === "open") this.tellSize();
        if (state === "away") this.telling = setTimeout(() => (this.late = true), TELL_AFTER_MS);
        if (state === "unknown") this.$emit("ended");
      },
      heard(data) {
        if (typeof data !== "string") return this.paint(data);
        const message = JSON.parse(data);
        if (message.kind === "hovered") this.over = message.on;
        else if (message.kind === "server") this.link = message.away ? "server" : "open";
        else if (message.kind !== "here") this.$emit("told", message);
      },
      async paint(data) {
        const wire = this.wire;
        const length = new DataView(data).getUint32(0, true);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
        let picture;
        try {
          picture = await this.decoder.decode(new Uint8Array(data, 4 + length), header.type);
        } catch (error) {
          wire.send({ kind: "painted", sequence: header.sequence });
          throw error;
        }
        const canvas = this.$refs.canvas;
        if (!canvas || wire !== this.wire) return;
        if (canvas.width !== picture.width || canvas.height !== picture.height) {
          canvas.width = picture.width;
          canvas.height = picture.height;
        }
        picture.draw(this.context);
        picture.close();
        apvweb.lastCanvas = canvas;
        canvas.dataset.sequence = header.sequence;
        canvas.dataset.still = header.still;
        canvas.dataset.pictures = Number(canvas.dataset.pictures || 0) + 1;
        this.painted = true;
        this.owed = header.sequence;
        this.acknowledge();
      },
      acknowledge() {
        /* A tab that nobody sees owes its answer until it is seen, and gets no further picture. */
        if (this.owed === null || this.owed === undefined || document.hidden) return;
        this.wire.send({ kind: "painted", sequence: this.owed });
        this.owed = null;
      },
      tellSize() {
        const { width, height } = this.$refs.canvas.getBoundingClientRect();
        if (width < 1 || height < 1 || this.fixed) return;
        this.wire.send({ kind: "size", width, height, pixel_ratio: window.asyncParaView.pixelRatio() });
      },
      place(event) {
        const box = this.$refs.canvas.getBoundingClientRect();
        return { x: event.clientX - box.left, y: event.clientY - box.top };
      },
      pointer(kind, event) {
        const { x, y } = this.place(event);
        return {
          kind, x, y, pointer: event.pointerId, touch: event.pointerType === "touch",
          button: BUTTONS[event.button] || "", modifiers: modifiers(event),
        };
      },
      press(event) {
        event.preventDefault();
        this.$refs.canvas.focus({ preventScroll: true });
        this.$refs.canvas.setPointerCapture(event.pointerId);
        this.sendPending(); // where the mouse was before is before
        if (this.mode !== "camera" && event.button === 0) {
          const { x, y } = this.place(event);
          this.band = { x0: x, y0: y, x1: x, y1: y };
        }
        this.wire.send(this.pointer("press", event));
      },
      move(event) {
        if (this.band) {
          const { x, y } = this.place(event);
          this.band = { ...this.band, x1: x, y1: y };
        }
        if (event.buttons) return this.later(`move ${event.pointerId}`, this.pointer("move", event));
        /* What stands in the view and can be dragged is told by the pointer above it: a few times in a second. */
        const now = event.timeStamp;
        if (this.fixed || now - (this.hovered || 0) < HOVER_EVERY_MS) return;
        this.hovered = now;
        this.wire.send(this.pointer("move", event));
      },
      release(event) {
        this.band = null;
        this.sendPending();
        this.wire.send(this.pointer(event.type === "pointercancel" ? "cancel" : "release", event));
      },
      wheel(event) {
        event.preventDefault();
        const turned = event.deltaY * PER_UNIT[event.deltaMode];
        const before = this.pending.wheel ? this.pending.wheel.notches : 0;
        const notches = before - turned;
        this.later("wheel", { kind: "wheel", ...this.place(event), notches, modifiers: modifiers(event) });
      },
      key(event) {
        if (event.key === "Escape") this.band = null;
        if (event.key === "Tab" || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 12) return;
        event.preventDefault();
        event.stopPropagation();
        this.wire.send({ kind: "key", key: event.key, modifiers: modifiers(event) });
      },
      later(name, message) {
        /* The first in one frame of the browser is sent at once, and of those that follow the last, with the next
           frame: pictures are not made faster. */
        this.pending[name] = message;
        if (!this.frame) this.sendFrame();
      },
      sendFrame() {
        this.frame = null;
        if (Object.keys(this.pending).length === 0) return;
        this.sendPending();
        this.frame = requestAnimationFrame(() => this.sendFrame());
      },
      sendPending() {
        for (const message of Object.values(this.pending)) this.wire.send(message);
        this.pending = {};
      },
    },
  };

  apvweb.components["apv-view"] = View;
  apvweb.install = (app) => {
    for (const [name, component] of Object.entries(apvweb.components)) app.component(name, component);
  };
})();
