import { auditWebhookAsEnvironment, auditWebhookFrom, type AuditWebhookSettings } from './audit-webhook-settings.ts';
import { portIn, requireSet, type Environment } from './environment.ts';

/** What the engine is told by the environment of its container. */
export interface Settings {
  readonly nodeName: string;
  readonly apiServer: { readonly host: string; readonly port: number };
  /** Address of the API server's Service, at which pods find it; Kubernetes tells it to every container. */
  readonly apiService?: string;
  readonly sensorSocket: string;
  readonly channelSocket: string;
  /** The rules that are loaded when the configuration names none. */
  readonly rulesFolder: string;
  /** The configuration (docs/detector-outputs.md); it need not exist. */
  readonly configFile: string;
  /** The API server's log, where it writes one; absent: audit events come by the webhook alone. */
  readonly auditLog?: string;
  /** Absent: audit events come from the log alone. */
  readonly auditWebhook?: AuditWebhookSettings;
  readonly passwdFile: string;
  readonly groupFile: string;
  /** Folder with the `token` and `ca.crt` of the service account. */
  readonly serviceAccountFolder: string;
}

const NAMES = {
  nodeName: 'KUBEDRILL_NODE_NAME',
  apiHost: 'KUBEDRILL_API_HOST',
  apiPort: 'KUBEDRILL_API_PORT',
  sensorSocket: 'KUBEDRILL_SENSOR_SOCKET',
  channelSocket: 'KUBEDRILL_CHANNEL_SOCKET',
  rulesFolder: 'KUBEDRILL_RULES',
  configFile: 'KUBEDRILL_CONFIG',
  passwdFile: 'KUBEDRILL_PASSWD',
  groupFile: 'KUBEDRILL_GROUP',
} as const;

const AUDIT_LOG = 'KUBEDRILL_AUDIT_LOG';
const API_SERVICE = 'KUBERNETES_SERVICE_HOST';
const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Throws an error that names every variable that is missing or wrong. */
export function settingsFrom(env: Environment): Settings {
  requireSet(env, Object.values(NAMES));
  const value = (name: keyof typeof NAMES): string => env[NAMES[name]] ?? '';
  const apiService = env[API_SERVICE] ?? '';
  const port = portIn(env, NAMES.apiPort);
  const auditLog = env[AUDIT_LOG] ?? '';
  const auditWebhook = auditWebhookFrom(env);
  if (auditWebhook === undefined) requireSet(env, [AUDIT_LOG]);
  return {
    nodeName: value('nodeName'),
    apiServer: { host: value('apiHost'), port },
    ...(apiService === '' ? {} : { apiService }),
    sensorSocket: value('sensorSocket'),
    channelSocket: value('channelSocket'),
    rulesFolder: value('rulesFolder'),
    configFile: value('configFile'),
    ...(auditLog === '' ? {} : { auditLog }),
    ...(auditWebhook === undefined ? {} : { auditWebhook }),
    passwdFile: value('passwdFile'),
    groupFile: value('groupFile'),
    serviceAccountFolder: env['KUBEDRILL_SERVICE_ACCOUNT'] ?? SERVICE_ACCOUNT_FOLDER,
  };
}

/** The variables for a container that runs the engine with these settings. */
export function settingsAsEnvironment(
  settings: Omit<Settings, 'nodeName' | 'apiService' | 'serviceAccountFolder'>,
): Readonly<Record<string, string>> {
  return {
    [NAMES.apiHost]: settings.apiServer.host,
    [NAMES.apiPort]: String(settings.apiServer.port),
    [NAMES.sensorSocket]: settings.sensorSocket,
    [NAMES.channelSocket]: settings.channelSocket,
    [NAMES.rulesFolder]: settings.rulesFolder,
    [NAMES.configFile]: settings.configFile,
    ...(settings.auditLog === undefined ? {} : { [AUDIT_LOG]: settings.auditLog }),
    ...(settings.auditWebhook === undefined ? {} : auditWebhookAsEnvironment(settings.auditWebhook)),
    [NAMES.passwdFile]: settings.passwdFile,
    [NAMES.groupFile]: settings.groupFile,
  };
}

export const NODE_NAME_VARIABLE = NAMES.nodeName;
