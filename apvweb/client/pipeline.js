/* <apv-pipeline>: the pipeline browser, a tree that keys walk; <apv-table>, pages of rows of numbers, and <apv-row>,
   the field of the number of one of them. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const STATES = {
    uninitialized: "not executed yet", modified: "changed since it was executed", executing: "executing",
    unmodified: "up to date", failed: "failed",
  };

  const Pipeline = {
    name: "apv-pipeline",
    props: { rows: { type: Array, default: () => [] }, fixed: Boolean },
    emits: ["activate", "visible", "rename", "remove", "stop"],
    data() {
      return { renaming: null, draft: "", focused: null };
    },
    template: `
      <div class="apv-pipeline">
        <p v-if="!rows.length" class="apv-quiet apv-pad">Nothing yet. Open a file, or add a source.</p>
        <ul v-else role="tree" aria-label="Pipeline" @keydown="key">
          <li v-for="row in rows" :key="row.key" role="treeitem" :aria-level="row.depth + 1" :aria-selected="row.active"
            :class="{ 'apv-row': true, 'apv-active': row.active }" :data-id="row.id" :data-state="row.state"
            :tabindex="row.key === current ? 0 : -1" :style="'--depth:' + row.depth" @focus="focused = row.key"
            @click="$emit('activate', row.id)" @dblclick="begin(row)">
            <div class="apv-row-line">
              <button type="button" class="apv-eye" tabindex="-1" :aria-pressed="row.visibility === 'shown'"
                :aria-label="(row.visibility === 'shown' ? 'Hide ' : 'Show ') + row.name" :disabled="fixed"
                :title="row.visibility === 'shown' ? 'Hide' : 'Show'" @click.stop="toggle(row)">
                <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z"
                  fill="none" stroke="currentColor" stroke-width="2"/><circle cx="12" cy="12" r="3"
                  :fill="row.visibility === 'shown' ? 'currentColor' : 'none'" stroke="currentColor" stroke-width="1.5"/>
                  <path v-if="row.visibility !== 'shown'" d="M4 20 20 4" stroke="currentColor" stroke-width="2"/></svg>
              </button>
              <input v-if="renaming === row.id" class="apv-field" v-model="draft" :aria-label="'New name of ' + row.name"
                ref="name" @keydown.stop.enter="finish(row)" @keydown.stop.escape="renaming = null" @keydown.stop
                @blur="finish(row)" @click.stop />
              <span v-else class="apv-name" :title="row.name">{{ row.name }}</span>
              <span class="apv-state" :title="says(row)"><span class="apv-dot" aria-hidden="true"></span>
                <span class="apv-unseen">{{ says(row) }}</span></span>
              <button v-if="row.state === 'executing'" type="button" class="apv-small apv-stop" tabindex="-1"
                :aria-label="'Stop ' + row.name" @click.stop="$emit('stop', row.id)">Stop</button>
            </div>
            <div v-if="row.state === 'executing'" class="apv-bar" role="progressbar" :aria-label="'Progress of ' + row.name"
              :aria-valuenow="row.fraction === null ? undefined : Math.round(100 * row.fraction)" aria-valuemin="0"
              aria-valuemax="100"><div :class="{ 'apv-going': row.fraction === null }"
              :style="row.fraction === null ? '' : 'width:' + 100 * row.fraction + '%'"></div></div>
            <p v-if="row.message" :class="row.state === 'failed' ? 'apv-error' : 'apv-warning'"
              :role="row.state === 'failed' ? 'alert' : 'status'">{{ row.message }}</p>
          </li>
        </ul>
      </div>`,
    computed: {
      current() {
        const keys = this.rows.map((row) => row.key);
        if (keys.includes(this.focused)) return this.focused;
        return (this.rows.find((row) => row.active) || this.rows[0] || {}).key;
      },
      active() {
        return (this.rows.find((row) => row.active) || {}).key;
      },
    },
    watch: {
      active() {
        this.focused = null; /* the keys go on from there */
        this.$nextTick(() => this.scroll());
      },
    },
    methods: {
      says(row) {
        const percent = row.state === "executing" && row.fraction !== null ? ` ${Math.round(100 * row.fraction)} %` : "";
        const silent = row.unresponsive ? ", has said nothing for a while" : "";
        return STATES[row.state] + percent + silent;
      },
      scroll() {
        /* The active row is seen: what the tree scrolls in is scrolled, and nothing else of the page. */
        const row = this.$el.querySelector(".apv-active");
        let area = this.$el;
        while (area && area.scrollHeight <= area.clientHeight) area = area.parentElement;
        if (!row || !area || getComputedStyle(area).overflowY === "visible") return;
        const [inner, outer] = [row.getBoundingClientRect(), area.getBoundingClientRect()];
        if (inner.top < outer.top) area.scrollTop -= outer.top - inner.top;
        else if (inner.bottom > outer.bottom) area.scrollTop += Math.min(inner.bottom - outer.bottom, inner.top - outer.top);
      },
      toggle(row) {
        this.$emit("visible", row.id, row.visibility !== "shown");
      },
      begin(row) {
        if (this.fixed) return;
        this.renaming = row.id;
        this.draft = row.name;
        this.$nextTick(() => {
          const field = Array.isArray(this.$refs.name) ? this.$refs.name[0] : this.$refs.name;
          if (field) field.select();
        });
      },
      finish(row) {
        if (this.renaming !== row.id) return;
        this.renaming = null;
        if (this.draft.trim() && this.draft !== row.name) this.$emit("rename", row.id, this.draft);
      },
      key(event) {
        const at = this.rows.findIndex((row) => row.key === this.current);
        const row = this.rows[at];
        if (!row) return;
        const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.rows.length - 1 }[event.key];
        if (to !== undefined) {
          const next = this.rows[Math.min(Math.max(to, 0), this.rows.length - 1)];
          this.focused = next.key;
          this.$nextTick(() => this.$el.querySelector('[tabindex="0"]').focus());
        } else if (event.key === "Enter") this.$emit("activate", row.id);
        else if (event.key === " ") this.toggle(row);
        else if (event.key === "F2") this.begin(row);
        else if (event.key === "Delete") this.$emit("remove", row.id);
        else if (event.key === "Escape" && row.state === "executing") this.$emit("stop", row.id);
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };

  const Table = {
    name: "apv-table",
    props: {
      columns: { type: Array, default: () => [] }, rows: { type: Array, default: () => [] }, label: String,
      sorted: { type: String, default: "" }, descending: Boolean, sortable: Boolean, at: { type: Number, default: 0 },
    },
    emits: ["sort"],
    template: `
      <div class="apv-table" tabindex="0" role="region" :aria-label="label">
        <table>
          <thead><tr><th v-for="column in columns" :key="column" scope="col"
            :aria-sort="sorted === column ? (descending ? 'descending' : 'ascending') : undefined">
            <button v-if="sortable" type="button" @click="$emit('sort', column)">{{ column }}
              <span aria-hidden="true">{{ sorted === column ? (descending ? '\\u25BC' : '\\u25B2') : '' }}</span></button>
            <template v-else>{{ column }}</template></th></tr></thead>
          <tbody><tr v-for="(row, number) in rows" :key="number"><td v-for="(cell, where) in row" :key="where">{{ cell }}</td></tr></tbody>
        </table>
      </div>`,
    watch: {
      at: "scroll",
      "rows.length": "scroll",
    },
    methods: {
      scroll() {
        /* `at` is the row to be seen first, of those here. A page that is turned begins at its beginning. */
        this.$nextTick(() => {
          const row = this.$el.querySelectorAll("tbody tr")[this.at - Number((this.rows[0] || [0])[0])];
          this.$el.scrollTop = row ? row.offsetTop - this.$el.querySelector("thead").offsetHeight : 0;
        });
      },
    },
  };

  /* Keeps what is being typed, whatever else changes on the page. */
  const Row = {
    name: "apv-row",
    props: { at: { type: Number, default: 0 }, total: { type: Number, default: 0 } },
    emits: ["go"],
    data() {
      return { draft: null };
    },
    template: `
      <input class="apv-field apv-row-number" type="number" min="0" :max="total - 1" :value="draft === null ? at : draft"
        @input="draft = $event.target.value" @change="go" />`,
    methods: {
      go() {
        const row = Math.round(Number(this.draft));
        this.draft = null;
        this.$emit("go", row);
      },
    },
  };

  apvweb.components["apv-pipeline"] = Pipeline;
  apvweb.components["apv-row"] = Row;
  apvweb.components["apv-table"] = Table;
})();
