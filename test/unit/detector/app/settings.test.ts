import { NODE_NAME_VARIABLE, settingsAsEnvironment, settingsFrom } from '../../../../detector/app/settings.ts';
import { WEBHOOK_SETTINGS } from '../../../../detector/addon/audit-webhook.ts';
import { rulesHash } from '../../../../detector/app/rules-hash.ts';

const WITHOUT_LOG = {
  apiServer: { host: 'lab-control-plane', port: 6443 },
  sensorSocket: '/s',
  channelSocket: '/c',
  rulesFolder: '/r',
  configFile: '/d.yaml',
  passwdFile: '/p',
  groupFile: '/g',
};
const SETTINGS = { ...WITHOUT_LOG, auditLog: '/a' };

describe('settings', () => {
  test('are read as the add-on writes them', () => {
    const env = { ...settingsAsEnvironment(SETTINGS), [NODE_NAME_VARIABLE]: 'n' };
    expect(settingsFrom(env)).toMatchObject({ ...SETTINGS, nodeName: 'n' });
  });

  test('are read so also where audit events come by the webhook alone', () => {
    const settings = { ...WITHOUT_LOG, auditWebhook: WEBHOOK_SETTINGS };
    const env = { ...settingsAsEnvironment(settings), [NODE_NAME_VARIABLE]: 'n' };
    const read = settingsFrom(env);
    expect(read).toMatchObject(settings);
    expect(read).not.toHaveProperty('auditLog');
  });

  test('name a way by which audit events come', () => {
    const env = { ...settingsAsEnvironment(WITHOUT_LOG), [NODE_NAME_VARIABLE]: 'n' };
    expect(() => settingsFrom(env)).toThrow('not set: KUBEDRILL_AUDIT_LOG');
  });

  test('take the address of the API server’s Service from where Kubernetes tells it', () => {
    const env = { ...settingsAsEnvironment(SETTINGS), [NODE_NAME_VARIABLE]: 'n' };
    expect(settingsFrom(env)).not.toHaveProperty('apiService');
    expect(settingsFrom({ ...env, KUBERNETES_SERVICE_HOST: '10.96.0.1' })).toMatchObject({ apiService: '10.96.0.1' });
  });

  test('that are missing are all named', () => {
    const env = { ...settingsAsEnvironment(SETTINGS), KUBEDRILL_RULES: '' };
    expect(() => settingsFrom(env)).toThrow('not set: KUBEDRILL_NODE_NAME, KUBEDRILL_RULES');
  });

  test.each(['0', '65536', 'https', '80.5'])('refuse the port %s', (port) => {
    const env = { ...settingsAsEnvironment(SETTINGS), [NODE_NAME_VARIABLE]: 'n', KUBEDRILL_API_PORT: port };
    expect(() => settingsFrom(env)).toThrow(`is no port: ${port}`);
  });
});

describe('rulesHash', () => {
  const a = { name: 'a.yaml', content: 'x' };
  const b = { name: 'b.yaml', content: 'y' };

  test('is the same whatever order the files come in', () => {
    expect(rulesHash([a, b])).toBe(rulesHash([b, a]));
  });

  test.each([
    ['content', [a, { ...b, content: 'z' }]],
    ['name', [a, { ...b, name: 'c.yaml' }]],
    ['number of files', [a]],
  ])('differs with the %s', (_, files) => {
    expect(rulesHash(files)).not.toBe(rulesHash([a, b]));
  });
});
