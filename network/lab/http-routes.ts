import { KubeError, type KubeClient, type KubeObject } from '../../core/index.ts';

/** What an HTTPRoute says, as far as it decides who takes a request. */
export interface HttpRouteObject extends KubeObject {
  readonly spec?: {
    readonly parentRefs?: readonly {
      readonly kind?: string;
      readonly name?: string;
      readonly namespace?: string;
      readonly sectionName?: string;
    }[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly { readonly path?: { readonly type?: string; readonly value?: string } }[];
      readonly backendRefs?: readonly {
        readonly kind?: string;
        readonly name?: string;
        readonly namespace?: string;
        readonly port?: number;
        readonly weight?: number;
      }[];
    }[];
  };
  readonly status?: {
    readonly parents?: readonly {
      readonly conditions?: readonly Condition[];
    }[];
  };
}

/** A Gateway, as far as it says whether it listens. */
export interface GatewayObject extends KubeObject {
  readonly spec?: {
    readonly listeners?: readonly {
      readonly name?: string;
      readonly port?: number;
      readonly protocol?: string;
      readonly hostname?: string;
    }[];
  };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

/** All HTTPRoutes; undefined where the API server does not know the kind. */
export function readHttpRoutes(kube: KubeClient): Promise<readonly HttpRouteObject[] | undefined> {
  return listIfServed<HttpRouteObject>(kube, 'HTTPRoute');
}

/** All Gateways; undefined where the API server does not know the kind. */
export function readGateways(kube: KubeClient): Promise<readonly GatewayObject[] | undefined> {
  return listIfServed<GatewayObject>(kube, 'Gateway');
}

async function listIfServed<T extends KubeObject>(kube: KubeClient, kind: string): Promise<readonly T[] | undefined> {
  try {
    return await kube.list<T>(GATEWAY_API, kind);
  } catch (error) {
    if (error instanceof KubeError && error.status === NOT_FOUND) return undefined;
    throw error;
  }
}

const NOT_FOUND = 404;
