import { parse } from 'yaml';

/** Who a session is, and where it knocks. */
export interface Identity {
  readonly server: URL;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  readonly headers: Readonly<Record<string, string>>;
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { readonly name: string; readonly context: { cluster: string; user: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
  readonly users?: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

/** The identity of a kubeconfig's current context: certificate or token, all inline. */
export function identityOf(kubeconfig: string): Identity {
  const config = parse(kubeconfig) as Kubeconfig | null;
  const contexts = config?.contexts ?? [];
  const context = (contexts.find(({ name }) => name === config?.['current-context']) ?? contexts[0])?.context;
  const cluster = config?.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config?.users?.find(({ name }) => name === context?.user)?.user ?? {};
  if (cluster?.['server'] === undefined) throw new Error('the kubeconfig names no server');
  const token = user['token'];
  return {
    server: new URL(cluster['server']),
    tls: {
      ...decoded('ca', cluster['certificate-authority-data']),
      ...decoded('cert', user['client-certificate-data']),
      ...decoded('key', user['client-key-data']),
    },
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  };
}

function decoded(name: string, base64: string | undefined): Readonly<Record<string, Buffer>> {
  return base64 === undefined ? {} : { [name]: Buffer.from(base64, 'base64') };
}
