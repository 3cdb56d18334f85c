/* The fields of panels: texts and numbers, sliders, numbers beside each other, and arrays that are chosen by name. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const PAUSE_MS = 450;
  const SHOWN_DIGITS = 6;
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

  function asNumber(text) {
    return NUMBER.test(text) && text.trim().length < 16 ? Number(text) : text.trim();
  }
  const MOST_ROWS = 60;
  const SEARCHED_FROM = 12;

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  function asText(value, digits = 9) {
    if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(digits)));
    return value === null || value === undefined ? "" : String(value);
  }

  /* A text field that keeps what is being written until its writer pauses, and then tells it. Numbers have six digits, as
     many as there is room for, and all of them while they are edited, and below the pointer. Of what `ends` with what
     matters, as paths do with the name of the file, the end is seen where there is no room for all. */
  const Field = {
    name: "apv-field",
    props: {
      value: {}, label: String, numeric: Boolean, step: Number, disabled: Boolean, rows: Number, wrong: Boolean,
      describedby: String, placeholder: String, ends: Boolean,
    },
    emits: ["enter"],
    data() {
      return { draft: null, edited: false };
    },
    template: `
      <textarea v-if="rows" class="apv-field" :rows="rows" :aria-label="label" :disabled="disabled" spellcheck="false"
        :aria-invalid="wrong" :aria-describedby="describedby" :value="shown" @input="write" @change="tell"></textarea>
      <input v-else class="apv-field" type="text" :inputmode="numeric ? 'decimal' : 'text'" :aria-label="label"
        :disabled="disabled" :aria-invalid="wrong" :aria-describedby="describedby" spellcheck="false" autocomplete="off"
        :placeholder="placeholder" :value="shown" :title="asText(value)" @input="write" @change="tell" @keydown="key"
        @focus="edited = true" @blur="left" />`,
    computed: {
      shown() {
        return this.draft === null ? asText(this.value, this.numeric && !this.edited ? SHOWN_DIGITS : undefined) : this.draft;
      },
    },
    watch: {
      value(now, before) {
        if (!same(now, before) && this.timer === undefined) this.draft = null;
      },
    },
    mounted() {
      if (!this.ends) return;
      this.sizes = new ResizeObserver(() => this.scroll());
      this.sizes.observe(this.$el);
    },
    updated() {
      this.scroll();
    },
    beforeUnmount() {
      clearTimeout(this.timer);
      this.sizes?.disconnect();
    },
    methods: {
      asText,
      left() {
        this.edited = false;
        requestAnimationFrame(() => this.scroll()); /* browsers scroll to the start as a field is left */
      },
      scroll() {
        if (this.ends && this.$el !== document.activeElement) this.$el.scrollLeft = this.$el.scrollWidth;
      },
      write(event) {
        this.draft = event.target.value;
        this.told = undefined;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.tell(), PAUSE_MS);
      },
      tell() {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (this.draft === null || this.draft === asText(this.value)) return void (this.draft = null);
        if (this.told === this.draft) return; /* Enter is followed by the browser's own event of a change */
        this.told = this.draft;
        this.$emit("enter", this.numeric ? asNumber(this.draft) : this.draft);
      },
      key(event) {
        if (event.key === "Enter") this.tell();
        if (event.key === "Escape") {
          clearTimeout(this.timer);
          this.timer = undefined;
          this.draft = null;
        }
        const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        const now = this.draft === null ? asText(this.value) : this.draft;
        if (!this.numeric || !way || !NUMBER.test(now)) return;
        event.preventDefault();
        const step = (this.step || 1) * (event.shiftKey ? 10 : 1);
        this.draft = String(Number((Number(now) + way * step).toPrecision(12)));
        this.tell();
      },
    },
  };

  const Slider = {
    name: "apv-slider",
    props: { value: {}, ends: Array, whole: Boolean, label: String, disabled: Boolean },
    emits: ["enter"],
    template: `<input class="apv-slider" type="range" :min="ends[0]" :max="ends[1]" :step="step" :value="shown"
      :aria-label="label" :disabled="disabled" @input="slide" />`,
    computed: {
      step() {
        return this.whole ? 1 : (this.ends[1] - this.ends[0]) / 500;
      },
      shown() {
        return typeof this.value === "number" ? this.value : this.ends[0];
      },
    },
    methods: {
      slide(event) {
        const place = Number(event.target.value);
        this.place = this.whole ? place : Number(place.toPrecision(7));
        if (!this.frame) this.frame = requestAnimationFrame(() => this.tell());
      },
      tell() {
        this.frame = null;
        this.$emit("enter", this.place);
      },
    },
  };

  /* Numbers beside each other: a vector, or a list that grows. */
  const Numbers = {
    name: "apv-numbers",
    components: { "apv-field": Field, "apv-slider": Slider },
    props: { line: Object, grows: Boolean, describedby: String },
    emits: ["enter"],
    data() {
      return { from: "", to: "", count: "10", ranging: false, rows: MOST_ROWS };
    },
    template: `
      <div class="apv-numbers" role="group" :aria-label="line.label">
        <div class="apv-grid" :style="'grid-template-columns: repeat(' + columns + ', minmax(4.5em, 1fr))'">
          <div v-for="(number, at) in shown" :key="at" class="apv-number">
            <apv-field numeric :value="number" :step="line.step || undefined" :disabled="!line.enabled"
              :label="line.label + ' ' + (at + 1)" :wrong="!!line.error" :describedby="describedby"
              @enter="set(at, $event)"></apv-field>
            <button v-if="grows && columns === 1" type="button" class="apv-small" :disabled="!line.enabled"
              :aria-label="'Remove ' + line.label + ' ' + (at + 1)" @click="remove(at)">&times;</button>
            <apv-slider v-if="slides(at)" :value="number" :ends="line.slider[at % line.slider.length]" :whole="line.whole"
              :disabled="!line.enabled" :label="line.label + ' ' + (at + 1) + ', slider'"
              @enter="set(at, $event)"></apv-slider>
          </div>
        </div>
        <button v-if="shown.length < values.length" type="button" class="apv-small" @click="rows += ${MOST_ROWS}">
          Show more ({{ shown.length / columns }} of {{ values.length / columns }})</button>
        <div v-if="grows" class="apv-more">
          <button type="button" class="apv-small" :disabled="!line.enabled" @click="add">Add</button>
          <button v-if="columns > 1 && values.length" type="button" class="apv-small" :disabled="!line.enabled"
            @click="remove(values.length - columns, columns)">Remove last</button>
          <button v-if="columns === 1" type="button" class="apv-small" :aria-expanded="ranging"
            @click="open">Range&hellip;</button>
        </div>
        <form v-if="ranging" class="apv-range" @submit.prevent="range">
          <label>from <input class="apv-field" v-model="from" inputmode="decimal" /></label>
          <label>to <input class="apv-field" v-model="to" inputmode="decimal" /></label>
          <label>count <input class="apv-field" v-model="count" inputmode="numeric" /></label>
          <button type="submit" class="apv-small">Use</button>
        </form>
      </div>`,
    computed: {
      values() {
        return Array.isArray(this.line.value) ? this.line.value : this.line.default || [];
      },
      columns() {
        return Math.max(this.line.columns || 1, 1);
      },
      shown() {
        /* Pages with thousands of fields are slow: of long lists a part is shown, and more on demand. */
        return this.values.slice(0, this.rows * this.columns);
      },
    },
    methods: {
      slides(at) {
        return this.columns === 1 && this.line.slider.length > 0 && at < 12;
      },
      set(at, number) {
        const values = [...this.values];
        values[at] = number;
        this.$emit("enter", values);
      },
      add() {
        const last = this.values.slice(-this.columns);
        const middle = this.line.slider.length ? (this.line.slider[0][0] + this.line.slider[0][1]) / 2 : 0;
        this.rows = Math.max(this.rows, this.values.length / this.columns + 1); /* what is added is seen */
        this.$emit("enter", [...this.values, ...(last.length ? last : Array(this.columns).fill(middle))]);
      },
      remove(at, count = 1) {
        const values = [...this.values];
        values.splice(at, count);
        this.$emit("enter", values);
      },
      open() {
        this.ranging = !this.ranging;
        if (this.line.slider.length && this.from === "") [this.from, this.to] = this.line.slider[0].map(String);
      },
      range() {
        const [from, to, count] = [Number(this.from), Number(this.to), Math.round(Number(this.count))];
        if (!(count >= 1 && count <= 10000) || !Number.isFinite(from) || !Number.isFinite(to)) return;
        const step = count > 1 ? (to - from) / (count - 1) : 0;
        this.$emit("enter", Array.from({ length: count }, (_, at) => Number((from + at * step).toPrecision(12))));
        this.ranging = false;
      },
    },
  };

  /* Names that are on or off; of many those with a text in their name, and all of these at once. */
  const Arrays = {
    name: "apv-arrays",
    props: { line: Object, labelledby: String },
    emits: ["enter"],
    data() {
      return { text: "" };
    },
    template: `
      <div class="apv-arrays-choice" role="group" :aria-labelledby="labelledby">
        <input v-if="names.length > ${SEARCHED_FROM}" class="apv-field" type="search" v-model="text" placeholder="Search arrays"
          :aria-label="'Search in ' + line.label" autocomplete="off" />
        <label v-if="names.length > 1" class="apv-all-arrays"><input type="checkbox" :checked="on === found.length && on > 0"
          :indeterminate="on > 0 && on < found.length" :disabled="!line.enabled || !found.length" @change="all" />
          {{ on }} of {{ found.length }}{{ found.length < names.length ? ' found' : '' }}</label>
        <div class="apv-arrays">
          <label v-for="name in found" :key="name">
            <input type="checkbox" :checked="value[name]" :disabled="!line.enabled"
              @change="$emit('enter', { ...value, [name]: $event.target.checked })" /> {{ name }}</label>
          <span v-if="!names.length" class="apv-quiet">none known yet</span>
          <span v-else-if="!found.length" class="apv-quiet">none is called so</span>
        </div>
      </div>`,
    computed: {
      value() {
        return this.line.value || {};
      },
      names() {
        return Object.keys(this.value);
      },
      found() {
        const text = this.names.length > SEARCHED_FROM ? this.text.trim().toLowerCase() : "";
        return this.names.filter((name) => name.toLowerCase().includes(text));
      },
      on() {
        return this.found.filter((name) => this.value[name]).length;
      },
    },
    methods: {
      all() {
        const on = this.on < this.found.length;
        this.$emit("enter", { ...this.value, ...Object.fromEntries(this.found.map((name) => [name, on])) });
      },
    },
  };

  apvweb.fields = { Arrays, Field, Numbers, Slider, same };
})();
