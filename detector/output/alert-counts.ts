import type { AlertDocument } from './alert-document.ts';

export interface AlertCount {
  readonly rule: string;
  readonly priority: string;
  readonly source: string;
  readonly count: number;
}

/** How many alerts each rule has raised; there are no more entries than rules have been loaded. */
export class AlertCounts {
  readonly #counts = new Map<string, AlertCount>();

  add({ rule, priority, source }: AlertDocument): void {
    const key = `${source}/${priority}/${rule}`;
    this.#counts.set(key, { rule, priority, source, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  list(): readonly AlertCount[] {
    return [...this.#counts.values()];
  }
}
