/** The latest alerts, each as one line of JSON, numbered without gaps; bounded in number and bytes. */
export class AlertStore {
  readonly #maxAlerts: number;
  readonly #maxBytes: number;
  readonly #lines: string[] = [];
  #bytes = 0;
  #next = 1;
  #listeners = new Set<() => void>();

  constructor(limits: { readonly maxAlerts: number; readonly maxBytes: number }) {
    this.#maxAlerts = limits.maxAlerts;
    this.#maxBytes = limits.maxBytes;
  }

  /** The sequence number that the next alert gets. */
  get next(): number {
    return this.#next;
  }

  /** The oldest sequence number that is still kept; `next` when nothing is. */
  get oldest(): number {
    return this.#next - this.#lines.length;
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#next++;
    while (this.#lines.length > this.#maxAlerts || (this.#bytes > this.#maxBytes && this.#lines.length > 1)) {
      this.#bytes -= this.#lines.shift()?.length ?? 0;
    }
    const listeners = this.#listeners;
    this.#listeners = new Set();
    for (const listener of listeners) listener();
  }

  /** Lines of the alerts behind number `sequence`, as far as they are kept. */
  since(sequence: number): readonly string[] {
    return this.#lines.slice(Math.max(0, sequence + 1 - this.oldest));
  }

  /** Calls once, when the next alert is there. The answer takes the listener away again. */
  onceAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
