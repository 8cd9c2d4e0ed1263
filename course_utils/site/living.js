// Explorers without a kernel: each control chooses among pictures that were drawn ahead.
//
// The table beside an explorer holds one row for each thing that can be seen. The positions of all controls, and the
// state that the buttons have led to, give the place in the list of places, and that gives the row.

(() => {
  "use strict";

  const FILES = 0, ALT = 1, ALT_NUMBERS = 2, STATUS = 3, STATUS_NUMBERS = 4, REACHED = 5, GREYED = 6;
  const NOTHING_DRAWN = -1;
  const BEYOND = "Nothing was drawn beyond this point; the notebook goes on from here.";

  class LivingExplorer {
    constructor(section) {
      this.section = section;
      this.table = tableOf(section);
      this.fields = this.table.controls.map((name) => this.field(name));
      this.buttons = [...section.querySelectorAll("button[data-press]")];
      this.status = section.querySelector(".living-status");
      this.layers = [...section.querySelectorAll(".living-picture img")];
      this.change = section.querySelector(".living-change");
      this.pressed = 0;
      this.moves = 0;
      this.awake = false;
      this.listen();
      section.querySelector(".living-controls").hidden = false;
      this.readPositions();
      this.show();
    }

    field(name) {
      return document.getElementById(`${this.section.id}-${name}`);
    }

    listen() {
      for (const field of this.fields) field.addEventListener("input", () => this.moved());
      for (const button of this.buttons) button.addEventListener("click", () => this.press(button));
      // Whoever comes near the controls will move them: from then on the neighbours are fetched.
      for (const sign of ["focusin", "pointerenter"])
        this.section.addEventListener(sign, () => this.wake(), { once: true });
    }

    wake() {
      this.awake = true;
      this.fetchNeighbours();
    }

    moved() {
      this.readPositions();
      this.show();
    }

    press(button) {
      const next = this.table.leads[button.dataset.press][this.pressed];
      if (next === NOTHING_DRAWN) {
        this.say(BEYOND, false);
        return;
      }
      this.pressed = next;
      this.show();
    }

    // ---- where the controls stand ----

    readPositions() {
      this.positions = this.fields.map((field) =>
        field.type === "checkbox" ? Number(field.checked) : field.type === "range" ? Number(field.value) : field.selectedIndex);
    }

    row(positions, pressed) {
      const numbers = [...positions, pressed];
      const place = numbers.reduce((sum, number, control) => sum * this.table.shape[control] + number, 0);
      return this.table.rows[this.table.places[place]];
    }

    neighbours() {
      const rows = [];
      this.positions.forEach((position, control) => {
        for (const next of [position - 1, position + 1])
          if (next >= 0 && next < this.table.shape[control])
            rows.push(this.row(Object.assign([...this.positions], { [control]: next }), this.pressed));
      });
      for (const button of this.buttons) {
        const next = this.table.leads[button.dataset.press][this.pressed];
        if (next !== NOTHING_DRAWN) rows.push(this.row(this.positions, next));
      }
      return rows;
    }

    // ---- what is seen and said ----

    show() {
      const row = this.row(this.positions, this.pressed);
      this.fields.forEach((field) => this.write(field));
      this.greyOut(row[GREYED].map((control) => this.table.names[control]));
      this.say(filled(this.table.statuses[row[STATUS]], row[STATUS_NUMBERS]), row[REACHED] === 1);
      this.paint(row);
    }

    write(field) {
      if (field.type !== "range") return;
      const name = field.id.slice(this.section.id.length + 1);
      const text = this.table.readouts[name][Number(field.value)];
      field.setAttribute("aria-valuetext", text);
      field.parentElement.querySelector("output").textContent = text;
    }

    greyOut(names) {
      this.table.controls.forEach((name, control) => { this.fields[control].disabled = names.includes(name); });
      // A button keeps the keyboard's focus, so it is not disabled but says where the drawings end.
      for (const button of this.buttons) {
        const name = button.dataset.press;
        const idle = names.includes(name) || this.table.leads[name][this.pressed] === NOTHING_DRAWN;
        button.setAttribute("aria-disabled", String(idle));
      }
    }

    say(words, reached) {
      if (this.status.textContent !== words) this.status.textContent = words;
      this.status.classList.toggle("living-reached", reached);
    }

    // All layers change together, and only when all are there; of fast moves the last one counts.
    async paint(row) {
      const move = ++this.moves;
      const addresses = row[FILES].map((number) => this.address(number));
      const alt = filled(this.table.alts[row[ALT]], row[ALT_NUMBERS]);
      if (this.layers.some((layer, number) => layer.getAttribute("src") !== addresses[number])) {
        try {
          await Promise.all(addresses.map(fetched));
        } catch {
          if (move === this.moves) this.say("The picture for this setting could not be fetched. Move a control to try again.", false);
          return;
        }
      }
      if (move !== this.moves) return;
      this.layers.forEach((layer, number) => layer.setAttribute("src", addresses[number]));
      this.change.setAttribute("alt", alt);
      if (this.awake) this.fetchNeighbours();
    }

    fetchNeighbours() {
      for (const row of this.neighbours())
        for (const number of row[FILES])
          fetched(this.address(number)).catch(() => {});        // it is tried again when it is needed
    }

    address(number) {
      return `${this.section.dataset.folder}/${this.table.files[number]}.webp`;
    }
  }

  const images = new Map();

  // The image at an address, decoded, so that it can be shown at once.
  function fetched(address) {
    if (!images.has(address)) {
      const image = new Image();
      image.src = address;
      const decoded = image.decode().then(() => image);
      decoded.catch(() => images.delete(address));
      images.set(address, decoded);
    }
    return images.get(address);
  }

  // A pattern such as "loss #." with its numbers, "0.25", put in.
  function filled(pattern, numbers) {
    const queue = numbers.split(" ");
    return pattern.replace(/#/g, () => queue.shift());
  }

  // ---- the claims board, which is all words ----

  class ClaimsBoard {
    constructor(section) {
      this.section = section;
      this.table = tableOf(section);
      this.look = section.querySelector("input[type='range']");
      this.status = section.querySelector(".living-status");
      this.presses = [];
      this.look.addEventListener("input", () => this.show());
      for (const button of section.querySelectorAll("button[data-press]"))
        button.addEventListener("click", () => this.press(button.dataset.press));
      section.querySelector(".living-controls").hidden = false;
      this.show();
    }

    press(name) {
      this.presses = this.table.resets.includes(name) ? [] : [...this.presses, name];
      this.show();
    }

    // Who was asked what: a verdict settles the claim at hand, "skip" puts it off to the end.
    replay() {
      const queue = [...this.table.kinds.keys()], said = new Map();
      let last = null;
      for (const press of this.presses) {
        if (!queue.length) break;
        const claim = queue.shift();
        if (press === "skip") queue.push(claim);
        else said.set(last = claim, press);
      }
      return { said, last, atHand: queue.length ? queue[0] : null };
    }

    show() {
      const { said, last, atHand } = this.replay();
      const agreed = [...said].filter(([claim, kind]) => kind === this.table.kinds[claim]).length;
      const lookedAt = Number(this.look.value) - 1, lookingBack = lookedAt >= 0;
      const shown = lookingBack ? (said.has(lookedAt) ? lookedAt : null) : last;
      const count = filled(this.table.count, `${said.size} ${agreed}`);
      const [asked, question] = this.table.asked[atHand ?? this.table.kinds.length];
      this.write({ asked, question, count, ...this.told(shown, said.get(shown), lookingBack, lookedAt) });
      this.drawTiles(said, atHand, shown);
      this.say(said.size >= this.table.enough && agreed >= this.table.agreed, count);
      this.look.setAttribute("aria-valuetext", this.look.value);
      this.look.parentElement.querySelector("output").textContent = this.look.value;
    }

    // Of a claim without a verdict nothing is told but that it is open.
    told(shown, verdict, lookingBack, lookedAt) {
      const { headings, lookingBack: again, stillOpen, nothingYet, told, evidence } = this.table;
      if (shown === null) return { heading: lookingBack ? stillOpen[lookedAt] : nothingYet, told: "", evidence: "" };
      const heading = (lookingBack ? again : headings)[shown];
      return { heading, told: told[shown][verdict], evidence: evidence[shown] };
    }

    write(words) {
      for (const [name, text] of Object.entries(words))
        this.section.querySelector(`[data-words="${name}"]`).textContent = text;
    }

    drawTiles(said, atHand, shown) {
      const [open, asked, agrees, differs] = this.table.signs;
      for (const tile of this.section.querySelectorAll("td[data-claim]")) {
        const claim = Number(tile.dataset.claim), kind = said.get(claim);
        tile.textContent = claim === atHand ? asked : kind === undefined ? open
          : kind === this.table.kinds[claim] ? agrees : differs;
        tile.classList.toggle("living-shown", claim === shown);
      }
    }

    say(reached, count) {
      const words = reached ? this.table.reached.replace("#", count) : this.table.notReached;
      if (this.status.textContent !== words) this.status.textContent = words;
      this.status.classList.toggle("living-reached", reached);
    }
  }

  function tableOf(section) {
    return JSON.parse(section.querySelector("script[type='application/json']").textContent);
  }

  for (const section of document.querySelectorAll(".living"))
    new (section.querySelector(".living-board") ? ClaimsBoard : LivingExplorer)(section);
})();
