/* <apv-files>: files of the server; <apv-upload> and <apv-download>: files of the browser; <apv-shortcuts>: keys of the
   whole page; <apv-away>: what stands in the place of a page whose server does not answer. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const SIZES = ["B", "KiB", "MiB", "GiB", "TiB"];
  const LOOK_EVERY_MS = 1000;
  const MOST_CHARACTERS = 4000000;

  function size(bytes) {
    let at = 0;
    while (bytes >= 1024 && at < SIZES.length - 1) {
      bytes /= 1024;
      at += 1;
    }
    return `${at ? bytes.toFixed(1) : bytes} ${SIZES[at]}`;
  }

  const Files = {
    name: "apv-files",
    props: { state: Object },
    emits: ["go", "choose", "more", "search", "all"],
    data() {
      return { chosen: null, path: "", typed: false };
    },
    template: `
      <div class="apv-files">
        <form class="apv-path" @submit.prevent="typed = false; $emit('go', path)">
          <button type="button" class="apv-small" :disabled="state.parent === null" aria-label="Directory above"
            @click="$emit('go', state.parent)">&uarr;</button>
          <input class="apv-field" v-model="path" aria-label="Directory" spellcheck="false" @input="typed = true" />
          <button type="submit" class="apv-small">Go</button>
        </form>
        <div class="apv-path">
          <input class="apv-field" :value="state.search" placeholder="Search in this directory" aria-label="Search in this directory"
            @input="$emit('search', $event.target.value)" />
          <label class="apv-all"><input type="checkbox" :checked="!state.readable_only"
            @change="$emit('all', $event.target.checked)" /> all files</label>
        </div>
        <ul role="listbox" aria-label="Files" class="apv-list" @keydown="key">
          <li v-for="(entry, at) in state.entries" :key="entry.path" role="option" :aria-selected="entry.path === chosen"
            :tabindex="entry.path === chosen || (!chosen && at === 0) ? 0 : -1" :data-path="entry.path"
            @click="chosen = entry.path" @focus="chosen = entry.path" @dblclick="take(entry)">
            <span class="apv-kind" aria-hidden="true">{{ { directory: '\\u{1F4C1}', series: '\\u{1F5C3}' }[entry.kind] || '\\u{1F4C4}' }}</span>
            <span class="apv-name">{{ entry.name }}<span v-if="entry.kind === 'series'" class="apv-quiet">
              ({{ entry.files }} files)</span></span>
            <span class="apv-quiet">{{ entry.kind === 'directory' ? 'directory' : size(entry.size_bytes) }}</span>
          </li>
          <li v-if="!state.entries.length" class="apv-quiet">Nothing that can be opened is here.</li>
        </ul>
        <button v-if="!state.is_complete" type="button" class="apv-small" @click="$emit('more')">Show more
          ({{ state.total }} in all)</button>
      </div>`,
    watch: {
      "state.path": {
        immediate: true,
        handler(path) {
          if (!this.typed) this.path = path;
          this.chosen = null;
        },
      },
    },
    methods: {
      size,
      take(entry) {
        if (entry.kind === "directory") this.$emit("go", entry.path);
        else this.$emit("choose", entry.path, entry.kind === "series");
      },
      key(event) {
        const entries = this.state.entries;
        const at = Math.max(entries.findIndex((one) => one.path === this.chosen), 0);
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
        if (to !== undefined && entries.length) {
          this.chosen = entries[Math.min(Math.max(to, 0), entries.length - 1)].path;
          this.$nextTick(() => this.$el.querySelector('li[tabindex="0"]').focus());
        } else if (event.key === "Enter" && entries.length) this.take(entries[at]);
        else if (event.key === "Backspace" && this.state.parent !== null) this.$emit("go", this.state.parent);
        else return;
        event.preventDefault();
      },
    },
  };

  /* A field to search in, which has the keys as soon as its dialog opens; Enter takes the first that is found. */
  const Search = {
    name: "apv-search",
    props: { value: String, open: Boolean, label: String },
    emits: ["search", "take"],
    template: `<input class="apv-field" type="search" :placeholder="label" :aria-label="label" :value="value" autocomplete="off"
      @input="$emit('search', $event.target.value)" @keydown.enter="$emit('take', $event.target.value)" />`,
    watch: {
      open(open) {
        if (open) this.$nextTick(() => this.$el.focus());
      },
    },
    mounted() {
      if (this.open) this.$nextTick(() => this.$el.focus());
    },
  };

  const Upload = {
    name: "apv-upload",
    props: { asked: Number, accept: String },
    emits: ["read", "toolarge"],
    template: `<input ref="file" type="file" :accept="accept" class="apv-unseen" tabindex="-1" aria-hidden="true" @change="read" />`,
    watch: {
      asked(now, before) {
        if (now > before) this.$refs.file.click();
      },
    },
    methods: {
      async read(event) {
        const file = event.target.files[0];
        event.target.value = "";
        if (!file) return;
        if (file.size > MOST_CHARACTERS) return this.$emit("toolarge", file.name, file.size);
        this.$emit("read", file.name, await file.text());
      },
    },
  };

  const Download = {
    name: "apv-download",
    props: { file: Object },
    template: `<span class="apv-unseen" role="status">{{ file ? file.name + ' is being saved' : '' }}</span>`,
    watch: {
      file(file) {
        if (!file || file.number === this.last) return;
        this.last = file.number;
        const link = document.createElement("a");
        link.href = new URL(file.path, window.location.href).href;
        link.download = file.name;
        link.click();
      },
    },
    mounted() {
      this.last = this.file ? this.file.number : 0;
    },
  };

  const Link = {
    name: "apv-link",
    props: { path: String, label: String },
    data() {
      return { copied: false };
    },
    template: `
      <label class="apv-share"><span>{{ label }}</span><span class="apv-path">
        <input ref="field" class="apv-field" readonly :value="link" @focus="$event.target.select()" />
        <button type="button" class="apv-small" :aria-label="'Copy the link: ' + label" @click="copy">
          {{ copied ? 'Copied' : 'Copy' }}</button></span></label>`,
    computed: {
      link() {
        return this.path ? new URL(this.path, document.baseURI).href : "being made";
      },
    },
    methods: {
      async copy() {
        this.$refs.field.select();
        /* Pages that are not encrypted, and not of this machine, have no clipboard: the text stays selected. */
        if (!navigator.clipboard) return;
        await navigator.clipboard.writeText(this.link);
        this.copied = true;
      },
    },
  };

  const NARROW_PIXELS = 760;

  const Shortcuts = {
    name: "apv-shortcuts",
    emits: ["undo", "redo", "open", "find", "narrow", "dark"],
    render: () => null,
    mounted() {
      if (window.innerWidth < NARROW_PIXELS) this.$emit("narrow");
      this.system = window.matchMedia("(prefers-color-scheme: dark)");
      this.changed = () => this.$emit("dark", this.system.matches);
      this.system.addEventListener("change", this.changed);
      this.changed();
      this.listener = (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
        const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
        const key = event.key.toLowerCase();
        const name = { z: event.shiftKey ? "redo" : "undo", y: "redo", o: "open", " ": "find" }[key];
        if (!name || (typing && (key === "z" || key === "y"))) return;
        event.preventDefault();
        this.$emit(name);
      };
      document.addEventListener("keydown", this.listener);
    },
    beforeUnmount() {
      document.removeEventListener("keydown", this.listener);
      this.system.removeEventListener("change", this.changed);
    },
  };

  const Away = {
    name: "apv-away",
    template: `
      <div class="apv-away" role="alert">
        <div class="apv-banner"><span>{{ text }}</span></div>
        <img v-if="last" :src="last" alt="The last picture of the view" />
      </div>`,
    data() {
      return { last: apvweb.last, text: "Reconnecting: the web server does not answer. The picture is the last one." };
    },
    mounted() {
      this.look();
    },
    beforeUnmount() {
      clearTimeout(this.timer);
    },
    methods: {
      async look() {
        try {
          const answer = await fetch(window.location.href, { cache: "no-store" });
          if (answer.ok || answer.status === 404) return window.location.reload();
          if (answer.status === 403)
            this.text = "The web server was started anew, with another key: open the link that it has printed.";
        } catch (error) {
          this.text = "Reconnecting: the web server does not answer. The picture is the last one.";
        }
        this.timer = setTimeout(() => this.look(), LOOK_EVERY_MS);
      },
    },
  };

  Object.assign(apvweb.components, {
    "apv-files": Files, "apv-upload": Upload, "apv-download": Download, "apv-link": Link,
    "apv-search": Search, "apv-shortcuts": Shortcuts, "apv-away": Away,
  });
})();
