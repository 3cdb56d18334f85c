/* <apv-panel>: the lines of a property panel, each with the editor that it names.

   What a person enters is told as `change(name, value)`: at every step of a slider, and of a text when its writer pauses.
   The line that comes back has the value that holds, and what was wrong with the entry. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const PAUSE_MS = 450;
  const SHOWN_DIGITS = 6;
  const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

  function asNumber(text) {
    return NUMBER.test(text) && text.trim().length < 16 ? Number(text) : text.trim();
  }

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  function toHex(color) {
    const part = (value) => Math.round(255 * Math.min(Math.max(value, 0), 1)).toString(16).padStart(2, "0");
    return "#" + (color || [0, 0, 0]).slice(0, 3).map(part).join("");
  }

  function fromHex(text, before) {
    const found = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);
    return before && before.length === 4 ? [...found, before[3]] : found;
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
      return { from: "", to: "", count: "10", ranging: false };
    },
    template: `
      <div class="apv-numbers" role="group" :aria-label="line.label">
        <div class="apv-grid" :style="'grid-template-columns: repeat(' + columns + ', minmax(4.5em, 1fr))'">
          <div v-for="(number, at) in values" :key="at" class="apv-number">
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

  const Editor = {
    name: "apv-editor",
    components: { "apv-field": Field, "apv-slider": Slider, "apv-numbers": Numbers },
    props: { line: Object },
    emits: ["change", "reset", "browse"],
    template: `
      <div class="apv-line" :data-name="line.name" :data-editor="line.editor" :class="{ 'apv-nested': isWide }">
        <div class="apv-head">
          <span class="apv-label" :id="id" :title="line.doc" :class="{ 'apv-set': line.is_set }">{{ line.label }}</span>
          <button v-if="line.is_set && line.editor !== 'input'" type="button" class="apv-reset" :title="'Back to the default'"
            :aria-label="'Set ' + line.label + ' back to its default'" @click="$emit('reset', line.name)">&#8634;</button>
        </div>
        <div class="apv-control">
          <label v-if="line.editor === 'flag'" class="apv-flag">
            <input type="checkbox" :checked="!!line.value" :disabled="!line.enabled" :aria-labelledby="id"
              :aria-describedby="said" @change="enter($event.target.checked)" />
          </label>
          <template v-else-if="line.editor === 'integer' || line.editor === 'number'">
            <apv-field numeric :value="line.value" :step="line.step || undefined" :label="line.label"
              :placeholder="line.optional ? 'automatic' : ''" :disabled="!line.enabled" :wrong="!!line.error"
              :describedby="said" @enter="enter"></apv-field>
            <apv-slider v-if="line.slider.length" :value="line.value" :ends="line.slider[0]" :disabled="!line.enabled"
              :whole="line.editor === 'integer'" :label="line.label + ', slider'" @enter="enter"></apv-slider>
          </template>
          <apv-field v-else-if="line.editor === 'text'" :value="line.value" :label="line.label" :disabled="!line.enabled"
            :wrong="!!line.error" :describedby="said" @enter="enter"></apv-field>
          <apv-field v-else-if="line.editor === 'script'" :rows="6" :value="line.value" :label="line.label"
            :disabled="!line.enabled" :wrong="!!line.error" :describedby="said" @enter="enter"></apv-field>
          <div v-else-if="isSeveral" class="apv-arrays" role="group" :aria-labelledby="id">
            <label v-for="(choice, at) in line.choices" :key="at" :title="choice.why_not">
              <input type="checkbox" :checked="has(choice.value)" :disabled="!line.enabled || !!choice.why_not"
                @change="toggle(choice.value, $event.target.checked)" /> {{ choice.label }}</label>
          </div>
          <select v-else-if="isChoice" class="apv-field" :disabled="!line.enabled" :aria-labelledby="id"
            :aria-describedby="said" :value="chosen" @change="choose($event)">
            <option v-if="chosen === -1" :value="-1">{{ unknown }}</option>
            <option v-for="(choice, at) in line.choices" :key="at" :value="at" :disabled="!!choice.why_not"
              :title="choice.why_not">{{ choice.label }}</option>
          </select>
          <apv-numbers v-else-if="line.editor === 'vector' || line.editor === 'numbers'" :line="line"
            :grows="line.editor === 'numbers'" :describedby="said" @enter="enter"></apv-numbers>
          <apv-field v-else-if="line.editor === 'texts'" :rows="3" :value="(line.value || []).join('\\n')" :label="line.label"
            :disabled="!line.enabled" :describedby="said" @enter="enter($event.split('\\n').filter((one) => one))"></apv-field>
          <div v-else-if="line.editor === 'file' || line.editor === 'files'" class="apv-file">
            <apv-field v-if="line.editor === 'file'" ends :value="line.value" :label="line.label" :disabled="!line.enabled"
              :wrong="!!line.error" :describedby="said" @enter="enter"></apv-field>
            <apv-field v-else :rows="2" :value="(line.value || []).join('\\n')" :label="line.label" :disabled="!line.enabled"
              @enter="enter($event.split('\\n').filter((one) => one))"></apv-field>
            <button type="button" class="apv-small" :disabled="!line.enabled" :aria-label="'Browse for ' + line.label"
              @click="$emit('browse', line.name)">Browse&hellip;</button>
          </div>
          <div v-else-if="line.editor === 'arrays'" class="apv-arrays" role="group" :aria-labelledby="id">
            <label v-for="(on, name) in line.value || {}" :key="name">
              <input type="checkbox" :checked="on" :disabled="!line.enabled"
                @change="enter({ ...line.value, [name]: $event.target.checked })" /> {{ name }}</label>
            <span v-if="!Object.keys(line.value || {}).length" class="apv-quiet">none known yet</span>
          </div>
          <div v-else-if="line.editor === 'color'" class="apv-color">
            <input type="color" :value="hex" :disabled="!line.enabled" :aria-labelledby="id" @input="color"
              :class="{ 'apv-automatic': !line.value }" />
            <span class="apv-quiet">{{ line.value ? hex : 'automatic' }}</span>
          </div>
          <span v-else class="apv-quiet">{{ summary }}</span>
        </div>
        <p v-if="line.error" class="apv-error" role="alert" :id="said">{{ line.error }}</p>
        <p v-else-if="!line.enabled && line.why_disabled" class="apv-quiet apv-why">{{ line.why_disabled }}</p>
        <div v-if="line.lines.length" class="apv-inner">
          <apv-editor v-for="inner in line.lines" :key="inner.name" :line="inner"
            @change="(...told) => $emit('change', ...told)" @reset="$emit('reset', $event)"
            @browse="$emit('browse', $event)"></apv-editor>
        </div>
      </div>`,
    computed: {
      id() {
        return "apv-label-" + this.$.uid;
      },
      said() {
        return this.line.error ? "apv-error-" + this.$.uid : null;
      },
      isChoice() {
        return ["choice", "array", "input", "object"].includes(this.line.editor);
      },
      isSeveral() {
        return this.line.editor === "input" && (this.line.value || []).length > 1;
      },
      isWide() {
        return ["vector", "numbers", "script", "arrays", "files", "texts"].includes(this.line.editor);
      },
      chosen() {
        const value = this.line.editor === "input" ? (this.line.value || [])[0] : this.line.value;
        return this.line.choices.findIndex((one) => same(one.value, value));
      },
      unknown() {
        const value = this.line.value;
        return value === null || value === undefined || value === "" ? "\u2014" : Array.isArray(value) ? value.join(" ") : value;
      },
      hex() {
        return toHex(this.line.value);
      },
      summary() {
        const text = this.line.value === null ? "" : JSON.stringify(this.line.value);
        return text.length > 60 ? text.slice(0, 60) + "\u2026" : text;
      },
    },
    methods: {
      enter(value) {
        this.$emit("change", this.line.name, value);
      },
      choose(event) {
        const choice = this.line.choices[Number(event.target.value)];
        if (choice) this.enter(this.line.editor === "input" ? [choice.value] : choice.value);
      },
      has(value) {
        return this.line.value.some((one) => same(one, value));
      },
      toggle(value, on) {
        const others = this.line.value.filter((one) => !same(one, value));
        this.enter(on ? [...others, value] : others);
      },
      color(event) {
        this.picked = fromHex(event.target.value, this.line.value);
        if (!this.frame)
          this.frame = requestAnimationFrame(() => {
            this.frame = null;
            this.enter(this.picked);
          });
      },
    },
  };

  const Panel = {
    name: "apv-panel",
    components: { "apv-editor": Editor },
    props: {
      lines: { type: Array, default: () => [] }, label: { type: String, default: "Properties" }, headings: Boolean,
    },
    emits: ["change", "reset", "browse"],
    template: `
      <div class="apv-panel" role="form" :aria-label="label">
        <template v-for="(line, at) in lines" :key="line.name">
          <h3 v-if="headings && line.heading && (!at || line.heading !== lines[at - 1].heading)" class="apv-heading">
            {{ line.heading }}</h3>
          <apv-editor :line="line" @change="(...told) => $emit('change', ...told)"
            @reset="$emit('reset', $event)" @browse="$emit('browse', $event)"></apv-editor>
        </template>
      </div>`,
  };

  apvweb.components["apv-panel"] = Panel;
})();
