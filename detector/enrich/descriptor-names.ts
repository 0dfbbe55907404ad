import { descriptorName } from './fields/descriptor.ts';
import type { SyscallEvent } from './syscall-event.ts';

const MAX_NAMES = 8_192;
const DATAGRAMS: ReadonlySet<string> = new Set(['sendto', 'sendmsg', 'recvfrom', 'recvmsg']);

/**
 * Which ends a datagram socket last had: one that is not connected changes its peer with every call, and rules ask for the
 * calls that do. The oldest are forgotten.
 */
export class DescriptorNames {
  readonly #names = new Map<string, string>();

  /** Answers right once per event: what it answers it remembers. */
  isChangedBy(event: SyscallEvent): boolean {
    const { descriptor, type, record } = event;
    if (descriptor === undefined) return false;
    if (type === 'connect') {
      return descriptor.kind === 'socket' && descriptor.isConnected && descriptor.remote !== undefined;
    }
    if (!DATAGRAMS.has(type)) return NAMES_ITS_RESULT.test(type) && record.result >= 0;
    if (descriptor.kind !== 'socket' || descriptor.protocol === 'tcp') return false;
    return this.#differs(`${String(record.id('pid'))}:${String(descriptor.number)}`, descriptorName(descriptor) ?? '');
  }

  #differs(key: string, name: string): boolean {
    if (this.#names.get(key) === name) return false;
    this.#names.delete(key);
    this.#names.set(key, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > MAX_NAMES && oldest !== undefined) this.#names.delete(oldest);
    return true;
  }
}

const NAMES_ITS_RESULT = /^(open|creat|memfd_create)/;
