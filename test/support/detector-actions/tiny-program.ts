/**
 * An argument of a system call: a number; the address of a text (ended by NUL) or of bytes; of a block of 64-bit words,
 * each of them such an argument itself; or what an earlier call of the program answered.
 */
export type Argument =
  number | bigint | string | Buffer | { readonly words: readonly Argument[] } | { readonly resultOf: number };

/** A system call by its number on x86-64, what only the child of the fork before does, or what is done again and again. */
export type Step =
  | { readonly call: number; readonly args: readonly Argument[] }
  | { readonly inChild: readonly Step[] }
  | { readonly times: number; readonly repeat: readonly Step[] };

/**
 * An x86-64 program that makes these system calls and ends with 0: what no tool of the image can be made to do. Small
 * enough to be carried into a container as text, and it needs nothing that might be missing there.
 */
export function tinyProgram(steps: readonly Step[]): Buffer {
  // Instructions have the same size whatever the addresses are, so a first run says where the data begins.
  const { length } = assemble(steps, new Data(0n));
  const data = new Data(BASE + BigInt(HEADERS_BYTES + length));
  const code = assemble(steps, data);
  return Buffer.concat([headers(BigInt(HEADERS_BYTES + code.length + data.size)), code, data.bytes()]);
}

const BASE = 0x400000n;
const ELF_HEADER_BYTES = 64;
const HEADERS_BYTES = ELF_HEADER_BYTES + 56;
const MAX_RESULTS = 16;
const EXIT_GROUP = 231;

/** Results of the calls come first, then what arguments refer to. */
class Data {
  readonly #at: bigint;
  readonly #parts: Buffer[] = [Buffer.alloc(8 * MAX_RESULTS)];
  results = 0;

  constructor(at: bigint) {
    this.#at = at;
  }

  get size(): number {
    return this.#parts.reduce((sum, { length }) => sum + length, 0);
  }

  resultAddress(call: number): bigint {
    return this.#at + BigInt(8 * call);
  }

  add(bytes: Buffer): bigint {
    const address = this.#at + BigInt(this.size);
    this.#parts.push(bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8));
    return address;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function assemble(steps: readonly Step[], data: Data): Buffer {
  return Buffer.concat([...steps.map((step) => stepCode(step, data)), stepCode(END, data)]);
}

const END: Step = { call: EXIT_GROUP, args: [0] };
/** The instructions that load a register with a number, and with what is in rax. */
const LOAD_NUMBER = ['48bf', '48be', '48ba', '49ba', '49b8', '49b9'];
const LOAD_RAX = ['4889c7', '4889c6', '4889c2', '4989c2', '4989c0', '4989c1'];

function stepCode(step: Step, data: Data): Buffer {
  if ('inChild' in step) {
    const child = assemble(step.inChild, data);
    // test rax, rax; jnz behind the child's part
    return Buffer.concat([hex('4885c00f85'), int32(child.length), child]);
  }
  if ('repeat' in step) return loopCode(step.times, step.repeat, data);
  const loads = step.args.map((argument, n) => load(argument, n, data));
  const result = data.resultAddress(data.results++);
  // mov rax, number; syscall; mov [result], rax
  return Buffer.concat([...loads, hex('48b8'), int64(step.call), hex('0f05'), hex('48a3'), int64(result)]);
}

function loopCode(times: number, steps: readonly Step[], data: Data): Buffer {
  const counter = int64(data.add(Buffer.alloc(8)));
  const body = Buffer.concat(steps.map((step) => stepCode(step, data)));
  // mov rax, times; mov [counter], rax
  const begin = Buffer.concat([hex('48b8'), int64(times), hex('48a3'), counter]);
  // mov rax, [counter]; dec rax; mov [counter], rax; jnz to the body
  const count = Buffer.concat([hex('48a1'), counter, hex('48ffc8'), hex('48a3'), counter]);
  const back = Buffer.concat([hex('0f85'), int32(-(body.length + count.length + 6))]);
  return Buffer.concat([begin, body, count, back]);
}

function load(argument: Argument, n: number, data: Data): Buffer {
  if (typeof argument === 'object' && 'resultOf' in argument) {
    // mov rax, [result]; mov register, rax
    const from = int64(data.resultAddress(argument.resultOf));
    return Buffer.concat([hex('48a1'), from, hex(LOAD_RAX[n] ?? '')]);
  }
  return Buffer.concat([hex(LOAD_NUMBER[n] ?? ''), int64(valueOf(argument, data))]);
}

function valueOf(argument: Argument, data: Data): bigint {
  if (typeof argument === 'number' || typeof argument === 'bigint') return BigInt(argument);
  if (typeof argument === 'string') return data.add(Buffer.from(`${argument}\0`));
  if (Buffer.isBuffer(argument)) return data.add(argument);
  if ('words' in argument) return data.add(Buffer.concat(argument.words.map((word) => int64(valueOf(word, data)))));
  throw new Error('a block cannot hold what is only known when the program runs');
}

/** An ELF header and one segment with everything, from elf(5). */
function headers(size: bigint): Buffer {
  const elf = Buffer.alloc(HEADERS_BYTES);
  hex('7f454c46020101').copy(elf);
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(62, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(BASE + BigInt(HEADERS_BYTES), 24);
  elf.writeBigUInt64LE(BigInt(ELF_HEADER_BYTES), 32);
  elf.writeUInt16LE(ELF_HEADER_BYTES, 52);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64);
  elf.writeUInt32LE(7, 68);
  elf.writeBigUInt64LE(BASE, 80);
  elf.writeBigUInt64LE(BASE, 88);
  elf.writeBigUInt64LE(size, 96);
  elf.writeBigUInt64LE(size, 104);
  elf.writeBigUInt64LE(0x1000n, 112);
  return elf;
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function int64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}
