import { KubedrillError, type AddonContext, type KubeObject } from '../../../core/index.ts';

export const INGRESS_NAMESPACE = 'edge';
const NAME = 'traefik';
const LABELS = { 'app.kubernetes.io/name': NAME };
const PING_PORT = 8082;

/** Traefik's objects; the pod sits where kind publishes ports 80 and 443, on the first worker or the only node. */
export function ingressManifests(context: AddonContext): readonly KubeObject[] {
  const { traefikImage } = context;
  if (traefikImage === undefined) {
    throw new KubedrillError({
      what: 'the ingress add-on cannot be installed',
      why: 'the lab has no Traefik image',
      hint: 'kubedrill image build, or kubedrill up --addons core',
    });
  }
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: INGRESS_NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: INGRESS_NAMESPACE } },
    clusterRole(),
    clusterRoleBinding(),
    ingressClass(),
    deployment(traefikImage, frontDoorNode(context)),
  ];
}

/** Node names come control planes first, so the first worker follows the last control plane. */
function frontDoorNode({ nodeNames, topology }: AddonContext): string {
  return nodeNames[topology.workers === 0 ? 0 : topology.controlPlanes] ?? '';
}

function clusterRole(): KubeObject {
  const read = ['get', 'list', 'watch'];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'kubedrill-traefik' },
    rules: [
      { apiGroups: [''], resources: ['services', 'secrets', 'nodes', 'namespaces', 'configmaps'], verbs: read },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: read },
      { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
    ],
  };
}

function clusterRoleBinding(): KubeObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'kubedrill-traefik' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'kubedrill-traefik' },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: INGRESS_NAMESPACE }],
  };
}

function ingressClass(): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: NAME, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'traefik.io/ingress-controller' },
  };
}

function deployment(image: string, node: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: INGRESS_NAMESPACE, labels: LABELS },
    spec: {
      replicas: 1,
      // Two pods cannot have the same host port: the old one has to go first.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: LABELS },
      template: {
        metadata: { labels: LABELS },
        spec: {
          serviceAccountName: NAME,
          nodeSelector: { 'kubernetes.io/hostname': node },
          terminationGracePeriodSeconds: 2,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
            // Lets a user that is not root bind 80 and 443 without a capability.
            sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
          },
          containers: [container(image)],
        },
      },
    },
  };
}

function container(image: string): object {
  return {
    name: NAME,
    image,
    imagePullPolicy: 'IfNotPresent',
    args: [
      '--global.checknewversion=false',
      '--global.sendanonymoususage=false',
      '--entrypoints.web.address=:80',
      '--entrypoints.websecure.address=:443',
      // Without it an Ingress with TLS answers 404 on 443.
      '--entrypoints.websecure.http.tls=true',
      `--entrypoints.traefik.address=:${String(PING_PORT)}`,
      '--ping=true',
      '--providers.kubernetesingress=true',
      // Prefix paths as Kubernetes defines them: whole elements, not a prefix of the text.
      '--providers.kubernetesingress.strictprefixmatching=true',
    ],
    ports: [
      { name: 'web', containerPort: 80, hostPort: 80 },
      { name: 'websecure', containerPort: 443, hostPort: 443 },
    ],
    readinessProbe: { httpGet: { path: '/ping', port: PING_PORT }, periodSeconds: 1, failureThreshold: 3 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { requests: { cpu: '10m', memory: '32Mi' } },
  };
}
