// When something was deliberately away: errors of the network belong to the test then, and only then.

/** What was under way when it came back may still fail. */
const LATE_MS = 3_000;

export class Away {
  #stretches = [];

  begin() {
    this.end();
    this.#stretches.push({ from: Date.now(), to: Infinity });
  }

  end() {
    const last = this.#stretches.at(-1);
    if (last) last.to = Math.min(last.to, Date.now() + LATE_MS);
  }

  /** Was it away at this moment (ms since 1970)? */
  at(moment) { return this.#stretches.some(({ from, to }) => from <= moment && moment <= to); }
}
