/* <apv-panel>: the lines of a property panel, each with the editor that it names.

   What a person enters is told as `change(name, value)`: at every step of a slider, and of a text when its writer pauses.
   The line that comes back has the value that holds, and what was wrong with the entry. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const { Arrays, Field, Numbers, Slider, same } = apvweb.fields;

  function toHex(color) {
    const part = (value) => Math.round(255 * Math.min(Math.max(value, 0), 1)).toString(16).padStart(2, "0");
    return "#" + (color || [0, 0, 0]).slice(0, 3).map(part).join("");
  }

  function fromHex(text, before) {
    const found = [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);
    return before && before.length === 4 ? [...found, before[3]] : found;
  }

  const Editor = {
    name: "apv-editor",
    components: { "apv-field": Field, "apv-slider": Slider, "apv-numbers": Numbers, "apv-arrays": Arrays },
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
          <apv-arrays v-else-if="line.editor === 'arrays'" :line="line" :labelledby="id" @enter="enter"></apv-arrays>
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
