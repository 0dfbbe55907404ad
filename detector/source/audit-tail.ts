import { open, stat, type FileHandle } from 'node:fs/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { JsonValue } from '../event/json.ts';
import { isTooHeavy } from './json-weight.ts';
import { LineSplitter } from './line-splitter.ts';

export interface AuditTailOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Gets every line that is a JSON object or array, in order. */
  readonly onEvent: (event: JsonValue) => void;
  /** A line could not be used. */
  readonly onLost: (why: string) => void;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
  /** A longer line is not an audit event of a sane API server. Default 12 MiB. */
  readonly maxLineBytes?: number;
}

export interface AuditTail {
  stats(): AuditStats;
  readonly finished: Promise<void>;
}

export interface AuditStats {
  readonly events: number;
  readonly badJson: number;
  readonly overlong: number;
  /** Lines that would have taken too much memory. */
  readonly tooHeavy: number;
  readonly rotations: number;
  /** Absent while the log is being read; else why it is not. */
  readonly trouble?: string;
}

const DEFAULT_POLL_MS = 100;
const DEFAULT_MAX_LINE_BYTES = 12 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Follows the API server's audit log by its path: from its end when it exists already, from its beginning when it
 * appears later. A rotated file (another inode under the path) is read to its end before the new one is begun; a
 * truncated one is read again from its beginning. It polls, because a watch says nothing of a file that is replaced.
 */
export function tailAudit(options: AuditTailOptions): AuditTail {
  const tail = new Tail(options);
  return { stats: () => tail.stats(), finished: tail.run() };
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  position: number;
}

class Tail {
  readonly #options: AuditTailOptions;
  readonly #splitter: LineSplitter;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #file: OpenFile | undefined;
  #events = 0;
  #badJson = 0;
  #tooHeavy = 0;
  #rotations = 0;
  #trouble: string | undefined;

  constructor(options: AuditTailOptions) {
    this.#options = options;
    this.#splitter = new LineSplitter(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, () => {
      options.onLost('a line of the audit log is too long');
    });
  }

  stats(): AuditStats {
    return {
      events: this.#events,
      badJson: this.#badJson,
      overlong: this.#splitter.overlong,
      tooHeavy: this.#tooHeavy,
      rotations: this.#rotations,
      ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
    };
  }

  async run(): Promise<void> {
    const { clock, signal, pollMs = DEFAULT_POLL_MS } = this.#options;
    await this.#attempt(() => this.#openAt('end'));
    while (!signal.aborted) {
      await this.#attempt(() => this.#follow());
      await clock.sleep(pollMs, signal).catch(() => undefined);
    }
    await this.#file?.handle.close();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = messageOf(error);
    }
  }

  async #openAt(where: 'start' | 'end'): Promise<void> {
    const handle = await open(this.#options.path, 'r');
    const { ino, size } = await handle.stat();
    this.#splitter.reset();
    this.#file = { handle, inode: ino, position: where === 'end' ? size : 0 };
    this.#trouble = undefined;
  }

  async #follow(): Promise<void> {
    if (this.#file === undefined) await this.#openAt('start');
    const file = this.#file;
    if (file === undefined) return;
    // Looked up before the reading: what was written to the old file before it was replaced is then read for sure.
    const current = await stat(this.#options.path);
    await this.#readOn(file);
    if (current.ino === file.inode) return;
    this.#rotations++;
    await this.#readOn(file);
    await file.handle.close();
    await this.#openAt('start');
    if (this.#file !== undefined) await this.#readOn(this.#file);
  }

  async #readOn(file: OpenFile): Promise<void> {
    const { size } = await file.handle.stat();
    if (size < file.position) {
      file.position = 0;
      this.#splitter.reset();
    }
    for (;;) {
      const { bytesRead } = await file.handle.read(this.#chunk, 0, CHUNK_BYTES, file.position);
      if (bytesRead === 0) return;
      file.position += bytesRead;
      for (const line of this.#splitter.push(this.#chunk.subarray(0, bytesRead))) this.#accept(line);
    }
  }

  #accept(line: string): void {
    if (isTooHeavy(line)) {
      this.#tooHeavy++;
      this.#options.onLost('a line of the audit log has too many parts');
      return;
    }
    const event = parseObject(line);
    if (event === undefined) {
      this.#badJson++;
      this.#options.onLost('a line of the audit log is not JSON');
      return;
    }
    this.#events++;
    this.#options.onEvent(event);
  }
}

function parseObject(line: string): JsonValue | undefined {
  try {
    // Audit events hold no integers beyond a number's reach that a rule could name.
    const value = JSON.parse(line) as JsonValue;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
