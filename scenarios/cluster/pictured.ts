import type { KubeObject, ObjectRef } from '../../core/index.ts';
import type { LabSnapshot } from '../../labs/index.ts';

/** An object as a picture holds it; undefined when it was not there. Secrets are in it as hashes only. */
export function pictured<T extends KubeObject = KubeObject>(
  { objects }: Pick<LabSnapshot, 'objects'>,
  { apiVersion, kind, name, namespace = '' }: ObjectRef,
): T | undefined {
  const text = objects[`${apiVersion}/${kind}/${namespace}/${name}`];
  return text === undefined ? undefined : { ...(JSON.parse(text) as T), apiVersion, kind };
}
