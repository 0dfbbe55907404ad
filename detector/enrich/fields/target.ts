import type { FieldReader } from '../syscall-event.ts';
import { HOST, shortId } from './container.ts';
import { commandLine } from './process.ts';

/** At whom a signal or a tracer is aimed. Falco has no such fields. */
export const TARGET_FIELDS: Readonly<Record<string, FieldReader>> = {
  'kd.target.pid': ({ target }) => target?.pid,
  'kd.target.name': ({ target }) => target?.image.name,
  'kd.target.cmdline': ({ target }) => target && commandLine(target.image.name, target.image),
  'kd.target.container.id': ({ target }) =>
    target && (target.container === undefined ? HOST : shortId(target.container)),
  'kd.target.pod.name': (event) => event.targetPod()?.name,
  'kd.target.ns.name': (event) => event.targetPod()?.namespace,
};
