/**
 * Whether a field may be missing only for now: it tells what the API, the container's runtime and its files say of who made a
 * system call. To read one can make an event wait, so nobody may read it who does not need it. The container's identifier comes
 * with the event.
 */
export function mayComeLate(name: string): boolean {
  return (
    (name.startsWith('container.') && !AT_ONCE.has(name)) ||
    name.startsWith('k8s.') ||
    ACCOUNTS.has(name) ||
    TARGETS.has(name)
  );
}

const AT_ONCE: ReadonlySet<string> = new Set(['container.id', 'container.full_id']);
/** They name accounts, as the container's own /etc/passwd and /etc/group do. */
const ACCOUNTS: ReadonlySet<string> = new Set(['user.name', 'user.loginname', 'group.name', 'evt.args', 'evt.info']);
/** They tell the pod of the process that a call is aimed at. */
const TARGETS: ReadonlySet<string> = new Set(['kd.target.pod.name', 'kd.target.ns.name']);
