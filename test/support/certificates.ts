import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaRunner } from '../../core/index.ts';

export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of the tests' own; certificates and keys are PEM texts. */
export class CertificateAuthority {
  readonly #folder: string;
  readonly #name: string;

  private constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** Makes an authority with openssl, in the folder. */
  static async create(folder: string, name: string): Promise<CertificateAuthority> {
    const subject = ['-x509', '-days', '1', '-subj', `/CN=${name}`];
    await openssl(folder, ['req', ...newKey(name), ...subject, '-out', `${name}.crt`]);
    return new CertificateAuthority(folder, name);
  }

  get certificate(): string {
    return read(this.#folder, `${this.#name}.crt`);
  }

  /** A certificate for 127.0.0.1 that serves servers and clients alike. */
  async issue(name: string): Promise<Identity> {
    const signed = ['-x509', '-days', '1', '-CA', `${this.#name}.crt`, '-CAkey', `${this.#name}.key`];
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    await openssl(this.#folder, ['req', ...newKey(name), ...signed, ...subject, '-out', `${name}.crt`]);
    return { certificate: read(this.#folder, `${name}.crt`), key: read(this.#folder, `${name}.key`) };
  }
}

function newKey(name: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
}

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  await execaRunner().run('openssl', args, { cwd });
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
