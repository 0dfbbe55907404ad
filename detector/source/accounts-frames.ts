import { encodeFrame, FrameKind } from './frames.ts';

/** A piece of a file of a container; see `struct accounts_part` in sensor/protocol.h. */
export interface AccountsPart {
  /** 64 hexadecimal digits. */
  readonly containerId: string;
  readonly file: 'passwd' | 'group';
  readonly isLast: boolean;
  readonly content: Buffer;
}

/** The texts of a container's two files; empty where there is none. */
export interface AccountFiles {
  readonly containerId: string;
  readonly passwd: string;
  readonly group: string;
}

const ID_BYTES = 32;
const HEAD_BYTES = ID_BYTES + 8;
const FILES = { 1: 'passwd', 2: 'group' } as const;
const FLAG_LAST = 1;

/** Asks for the accounts of a container, by its 64 hexadecimal digits. */
export function encodeReadAccounts(containerId: string): Buffer {
  return encodeFrame(FrameKind.readAccounts, Buffer.from(containerId, 'hex'));
}

/** Undefined when the bytes are no piece of such a file. */
export function decodeAccountsPart(payload: Buffer): AccountsPart | undefined {
  if (payload.length < HEAD_BYTES) return undefined;
  const number = payload.readUInt32LE(ID_BYTES);
  if (number !== 1 && number !== 2) return undefined;
  return {
    containerId: payload.toString('hex', 0, ID_BYTES),
    file: FILES[number],
    isLast: (payload.readUInt32LE(ID_BYTES + 4) & FLAG_LAST) !== 0,
    content: payload.subarray(HEAD_BYTES),
  };
}

/** As the sensor sends it, for tests. */
export function encodeAccountsPart({ containerId, file, isLast, content }: AccountsPart): Buffer {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(file === 'passwd' ? 1 : 2, 0);
  numbers.writeUInt32LE(isLast ? FLAG_LAST : 0, 4);
  return Buffer.concat([Buffer.from(containerId, 'hex'), numbers, content]);
}

/** Longer files make no sense of this sensor, which sends 64 KiB of each. */
const MAX_BYTES = 256 * 1024;

/** Puts the pieces together again. They come in order, one container after the other. */
export class AccountsAssembly {
  #containerId = '';
  #pieces: Record<AccountsPart['file'], Buffer[]> = { passwd: [], group: [] };
  #bytes = 0;

  /** Answers the files with their last piece. What another container interrupts is forgotten. */
  push({ containerId, file, isLast, content }: AccountsPart): AccountFiles | undefined {
    if (containerId !== this.#containerId) this.#begin(containerId);
    this.#bytes += content.length;
    if (this.#bytes <= MAX_BYTES) this.#pieces[file].push(content);
    if (file !== 'group' || !isLast) return undefined;
    const { passwd, group } = this.#pieces;
    this.#begin('');
    return {
      containerId,
      passwd: Buffer.concat(passwd).toString('utf8'),
      group: Buffer.concat(group).toString('utf8'),
    };
  }

  #begin(containerId: string): void {
    this.#containerId = containerId;
    this.#pieces = { passwd: [], group: [] };
    this.#bytes = 0;
  }
}
