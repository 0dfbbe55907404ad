import { connectKube } from '../core/index.ts';
import { summarizeDetectors, type DetectorSummary } from '../detector/index.ts';
import * as labs from '../labs/index.ts';
import { nodeOf } from './cluster/nodes.ts';
import { graderKube, prepareGrader } from './grader/access.ts';
import { measureMatrix, readMeter, ruleDifferences, standardPaths, startMeter, stopMeter } from '../network/index.ts';
import type { AlertSubject, RunEnvironment, SeenAlert } from './ports.ts';
import { registry } from './registry.ts';

/** The real world: an open lab, its probers and its detectors. */
export function environmentOf(session: labs.Session): RunEnvironment {
  return {
    session,
    catalogue: registry,
    labs: {
      withLock: (purpose, work) => labs.withLabLock(session, session.lab.name, purpose, work),
      takeSnapshot: () => labs.takeSnapshot(session),
      freshPicture: () => labs.loadFreshPicture(session),
      clusterId: () => labs.clusterIdOf(session.kube),
      unready: () => labs.unready(session),
      compareSnapshots: labs.compareSnapshots,
      foreignPods: labs.foreignPods,
      restoreNode: async (node, before, tables) => {
        await labs.restoreNode(session, nodeOf(session, node), before, tables);
      },
      reviveNodes: (before, detail) => labs.reviveNodes(session, before, detail),
      holdShell: (request) => labs.holdShell(session, request),
      shells: () => labs.shells(session),
      typeInto: (id, text) => labs.typeInto(session, id, text),
      endShell: (id) => labs.endShell(session, id),
      afresh: async () => {
        const { runner, paths, clock, reporter, env, lab } = session;
        return environmentOf(await labs.openSession({ runner, paths, clock, reporter, env }, lab.name));
      },
      prepareGrader: () => prepareGrader(session),
      asGrader: async () => {
        const kube = await graderKube(session);
        return kube === undefined ? undefined : environmentOf({ ...session, kube });
      },
      kubeAs: (kubeconfig) => connectKube({ kubeconfig }),
    },
    network: {
      matrix: (rows) => measureMatrix(session, rows === undefined ? {} : { rows }),
      standardPaths: () => standardPaths(session),
      startMeter: (paths) => startMeter(session, paths),
      readMeter: () => readMeter(session),
      stopMeter: () => stopMeter(session),
      ruleDifferences: () => ruleDifferences(session),
    },
    detector: {
      read: async (sinceMs) => {
        const { alerts, ...reading } = await summarizeDetectors(session, sinceMs);
        return { ...reading, alerts: alerts.map(seenAlert) };
      },
    },
  };
}

function seenAlert({ fields, ...alert }: DetectorSummary['alerts'][number]): SeenAlert {
  return { ...alert, about: subjectOf(fields) };
}

/** System calls and audit events have fields of their own for the same thing. */
const SUBJECT_FIELDS: Readonly<Record<keyof AlertSubject, readonly string[]>> = {
  namespace: ['k8s.ns.name', 'ka.target.namespace'],
  pod: ['k8s.pod.name', 'ka.target.pod.name'],
  container: ['container.name'],
  user: ['ka.user.name', 'user.name'],
};

function subjectOf(fields: Readonly<Record<string, unknown>>): AlertSubject {
  const known = Object.entries(SUBJECT_FIELDS).flatMap(([part, names]) => {
    const value = names.map((name) => fields[name]).find((field) => typeof field === 'string' && field !== '');
    return value === undefined ? [] : [[part, value] as const];
  });
  return Object.fromEntries(known);
}
