import { KubeError, type KubeClient, type KubeObject, type ObjectRef } from '../../../../core/index.ts';

/** An API server made of a map. It can be switched off. */
export interface FakeKube extends KubeClient {
  readonly objects: Map<string, KubeObject>;
  isUp: boolean;
}

export function keyOf({ apiVersion, kind, name, namespace }: ObjectRef): string {
  return `${apiVersion}/${kind}/${namespace ?? ''}/${name}`;
}

export function fakeKube(initial: readonly KubeObject[] = []): FakeKube {
  const objects = new Map(initial.map((object) => [keyOf({ ...object, ...object.metadata }), object]));
  let version = 0;
  const kube = {
    objects,
    isUp: true,
    get: async (ref: ObjectRef) => {
      refuseWhenDown();
      return objects.get(keyOf(ref));
    },
    list: async (apiVersion: string, kind: string, options: { namespace?: string } = {}) => {
      refuseWhenDown();
      return [...objects.values()].filter(
        (object) =>
          object.apiVersion === apiVersion &&
          object.kind === kind &&
          (options.namespace === undefined || object.metadata.namespace === options.namespace),
      );
    },
    create: async (object: KubeObject) => {
      refuseWhenDown();
      const key = keyOf({ ...object, ...object.metadata });
      if (objects.has(key)) throw new KubeError({ what: 'create', why: 'already exists', status: 409 });
      return store(key, object);
    },
    replace: async (object: KubeObject) => {
      refuseWhenDown();
      return store(keyOf({ ...object, ...object.metadata }), object);
    },
    patch: async (ref: ObjectRef, _kind: string, body: unknown) => {
      refuseWhenDown();
      const live = objects.get(keyOf(ref));
      if (!live) throw new KubeError({ what: 'patch', why: 'not found', status: 404 });
      return store(keyOf(ref), { ...live, ...(body as object) });
    },
    delete: async (ref: ObjectRef) => {
      refuseWhenDown();
      objects.delete(keyOf(ref));
    },
    raw: async () => {
      refuseWhenDown();
      return { status: 200, text: 'ok' };
    },
    apply: unexpected,
    resourceTypes: unexpected,
    podLog: unexpected,
  };
  const store = (key: string, object: KubeObject): KubeObject => {
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } };
    objects.set(key, stored);
    return stored;
  };
  const refuseWhenDown = (): void => {
    if (!kube.isUp)
      throw new KubeError({ what: 'no answer from the API server', why: 'ECONNREFUSED', status: undefined });
  };
  return kube as unknown as FakeKube;
}

function unexpected(): never {
  throw new Error('this call was not expected');
}
