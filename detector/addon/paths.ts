/** Where things lie in the detector's pod and on the node. */
export const NAMESPACE = 'kubedrill-system';

/** Below the Channel's folder: the engine is not root and gets a folder of its own, so it cannot touch others' sockets. */
export const CHANNEL_FOLDER = 'detector';
export const CHANNEL_SOCKET = `${CHANNEL_FOLDER}/detector.sock`;

/** On a control-plane node; labs/ tells the API server to write it there. */
export const AUDIT_LOG_FILE = '/var/log/kubernetes/audit.log';

/** The engine's user and group, the usual "nonroot"; the group is how it gets at what root makes for it. */
export const ENGINE_ID = 65_532;

export const SENSOR_FOLDER = '/run/sensor';
export const RULES_FOLDER = '/etc/kubedrill/rules';
/** Its files come from a ConfigMap that people edit; rules of their own may lie beside the configuration. */
export const CONFIG_FOLDER = '/etc/kubedrill/config';
export const CONFIG_FILE = 'detector.yaml';
/** The one place where outputs may write files; it goes with the pod. */
export const OUTPUT_FOLDER = '/var/log/kubedrill';
export const TRACEFS_FOLDER = '/sys/kernel/tracing';
