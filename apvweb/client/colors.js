/* <apv-colors>: the colors of an array, how opaque its values are, and how often there are which. */
(function () {
  "use strict";

  const apvweb = (window.apvweb ||= { components: {} });
  const WIDTH = 300;
  const HEIGHT = 110;
  const STEP = 0.02;

  function css(color, opacity) {
    const parts = color.map((one) => Math.round(255 * one));
    return `rgba(${parts.join(",")},${opacity === undefined ? 1 : opacity})`;
  }

  function hex(color) {
    return "#" + color.map((one) => Math.round(255 * one).toString(16).padStart(2, "0")).join("");
  }

  const Colors = {
    name: "apv-colors",
    props: { state: Object, presets: { type: Array, default: () => [] } },
    emits: ["preset", "rescale", "fit", "set", "opacity", "add", "remove", "color", "move", "addcolor", "removecolor"],
    data() {
      return { low: "", high: "", chosen: -1, held: -1 };
    },
    template: `
      <div class="apv-colors" v-if="state">
        <div class="apv-line"><div class="apv-head"><span class="apv-label">Array</span></div>
          <div class="apv-control"><strong>{{ state.name }}</strong></div></div>
        <div class="apv-line"><div class="apv-head"><label class="apv-label" :for="'apv-preset-' + $.uid">Preset</label></div>
          <select class="apv-field" :id="'apv-preset-' + $.uid" :value="state.preset || ''"
            @change="$emit('preset', $event.target.value)">
            <option v-if="!state.preset" value="">own points</option>
            <option v-for="name in presets" :key="name" :value="name">{{ name }}</option></select></div>
        <svg class="apv-transfer" :viewBox="'0 0 ${WIDTH} ${HEIGHT}'" preserveAspectRatio="none" ref="graph"
          role="group" aria-label="Opacities by value, above how often values are; double-click adds a point"
          @dblclick="add" @pointermove="drag" @pointerup="drop" @pointercancel="drop">
          <defs><linearGradient :id="gradient"><stop v-for="(stop, at) in stops" :key="at" :offset="stop.at"
            :stop-color="stop.color"/></linearGradient></defs>
          <rect x="0" y="0" width="${WIDTH}" height="${HEIGHT}" :fill="'url(#' + gradient + ')'"/>
          <path v-if="bars" :d="bars" class="apv-histogram"/>
          <polyline v-if="curve" :points="curve" class="apv-curve"/>
          <circle v-for="(point, at) in places" :key="at" :cx="point.x" :cy="point.y" r="6" class="apv-handle" tabindex="0"
            role="slider" :aria-label="'Opacity point ' + (at + 1) + ' at ' + point.value" aria-valuemin="0" aria-valuemax="1"
            :aria-valuenow="point.opacity" :aria-valuetext="point.opacity.toFixed(2) + ' at ' + point.value"
            @pointerdown="take($event, at)" @keydown="key($event, at)"/>
        </svg>
        <div class="apv-ends" v-if="state.span"><span>{{ short(state.span[0]) }}</span><span>{{ short(state.span[1]) }}</span></div>
        <form class="apv-range" @submit.prevent="rescale">
          <label>from <input class="apv-field" inputmode="decimal" v-model="low" @change="rescale" /></label>
          <label>to <input class="apv-field" inputmode="decimal" v-model="high" @change="rescale" /></label>
          <button type="submit" class="apv-small">Rescale</button>
        </form>
        <div class="apv-more" role="group" aria-label="Range of colors">
          <button type="button" class="apv-small" @click="$emit('fit', 'data')">Fit to data</button>
          <button type="button" class="apv-small" @click="$emit('fit', 'visible')">Fit to visible</button>
          <button type="button" class="apv-small" @click="$emit('fit', 'times')">Fit over times</button>
        </div>
        <div class="apv-checks">
          <label v-for="(label, name) in flags" :key="name"><input type="checkbox" :checked="state[name]"
            @change="$emit('set', name, $event.target.checked)" /> {{ label }}</label>
        </div>
        <details class="apv-points"><summary>Color points ({{ state.points.length }})</summary>
          <table><tbody><tr v-for="(point, at) in shownPoints" :key="at">
            <td><input class="apv-field" inputmode="decimal" :value="short(point.value)"
              :aria-label="'Value of color point ' + (at + 1)" @change="$emit('move', at, Number($event.target.value))" /></td>
            <td><input type="color" :value="hex(point.color)" :aria-label="'Color of point ' + (at + 1)"
              @change="$emit('color', at, fromHex($event.target.value))" /></td>
            <td><button type="button" class="apv-small" :aria-label="'Remove color point ' + (at + 1)"
              @click="$emit('removecolor', at)">&times;</button></td></tr></tbody></table>
          <p v-if="state.points.length > shownPoints.length" class="apv-quiet">and {{ state.points.length - shownPoints.length }}
            more, of the preset</p>
          <button type="button" class="apv-small" @click="addColor">Add a point</button>
        </details>
      </div>
      <p v-else class="apv-quiet apv-pad">Nothing is colored by an array here: choose one as Color By in Display.</p>`,
    computed: {
      flags() {
        return {
          legend: "Legend", is_inverted: "Inverted", is_logarithmic: "Logarithmic", has_categories: "Categories",
          maps_opacity: "Opacities on surfaces",
        };
      },
      gradient() {
        return "apv-gradient-" + this.$.uid;
      },
      shownPoints() {
        return this.state.points.slice(0, 32);
      },
      span() {
        return this.state.span || [0, 1];
      },
      stops() {
        return this.state.points.map((point) => ({ at: this.across(point.value), color: css(point.color) }));
      },
      bars() {
        const found = this.state.histogram;
        if (!found || !found.limits) return "";
        const most = Math.max(1, ...found.counts.map((one) => Math.sqrt(one)));
        const [low, high] = found.limits;
        const wide = (high - low) / found.counts.length;
        return found.counts.map((count, at) => {
          const [x0, x1] = [low + at * wide, low + (at + 1) * wide].map((value) => this.across(value) * WIDTH);
          const top = HEIGHT * (1 - 0.9 * (Math.sqrt(count) / most));
          return `M${x0.toFixed(1)} ${HEIGHT}V${top.toFixed(1)}H${x1.toFixed(1)}V${HEIGHT}Z`;
        }).join("");
      },
      places() {
        return this.state.opacities.map((point) => ({
          ...point, x: this.across(point.value) * WIDTH, y: (1 - point.opacity) * HEIGHT,
        }));
      },
      curve() {
        return this.places.map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ");
      },
    },
    watch: {
      "state.span": {
        immediate: true,
        handler(now, before) {
          if (!now || JSON.stringify(now) === JSON.stringify(before)) return;
          [this.low, this.high] = now.map((one) => this.short(one));
        },
      },
    },
    methods: {
      hex,
      fromHex(text) {
        return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16) / 255);
      },
      short(value) {
        return String(Number(value.toPrecision(6)));
      },
      across(value) {
        const [low, high] = this.span;
        const scale = this.state.is_logarithmic && low > 0 ? Math.log : (one) => one;
        const place = (scale(Math.max(value, low)) - scale(low)) / (scale(high) - scale(low) || 1);
        return Math.min(Math.max(place, 0), 1);
      },
      valueAt(place) {
        const [low, high] = this.span;
        const within = Math.min(Math.max(place, 0), 1);
        if (this.state.is_logarithmic && low > 0) return low * Math.pow(high / low, within);
        return low + within * (high - low);
      },
      at(event) {
        const box = this.$refs.graph.getBoundingClientRect();
        return [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
      },
      add(event) {
        const [across, up] = this.at(event);
        this.$emit("add", this.valueAt(across), Math.min(Math.max(up, 0), 1));
      },
      take(event, at) {
        this.held = at;
        this.$refs.graph.setPointerCapture(event.pointerId);
      },
      drag(event) {
        if (this.held < 0) return;
        this.place = this.at(event);
        if (!this.frame)
          this.frame = requestAnimationFrame(() => {
            this.frame = null;
            if (this.held >= 0) this.$emit("opacity", this.held, this.valueAt(this.place[0]), Math.min(Math.max(this.place[1], 0), 1));
          });
      },
      drop() {
        this.held = -1;
      },
      key(event, at) {
        const point = this.state.opacities[at];
        const [low, high] = this.span;
        const move = { ArrowUp: [0, STEP], ArrowDown: [0, -STEP], ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0] }[event.key];
        if (move) {
          const opacity = Math.min(Math.max(point.opacity + move[1], 0), 1);
          this.$emit("opacity", at, point.value + move[0] * (high - low), opacity);
        } else if (event.key === "Delete" || event.key === "Backspace") this.$emit("remove", at);
        else return;
        event.preventDefault();
      },
      rescale() {
        const [low, high] = [Number(this.low), Number(this.high)];
        const isNew = low !== Number(this.short(this.span[0])) || high !== Number(this.short(this.span[1]));
        if (this.low !== "" && this.high !== "" && low < high && isNew) this.$emit("rescale", low, high);
      },
      addColor() {
        const [low, high] = this.span;
        this.$emit("addcolor", (low + high) / 2);
      },
    },
  };

  apvweb.components["apv-colors"] = Colors;
})();
