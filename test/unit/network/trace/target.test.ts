import { targetFrom, type KnownTargets } from '../../../../network/trace/target.ts';
import { recordedPort, recordedPorts } from '../../../support/recorded-node.ts';

const known: KnownTargets = {
  ports: recordedPorts(),
  pods: [{ pod: 'shop/db-0', address: '10.244.1.5' }],
  nodes: [{ name: 'e2e-worker', address: '172.20.0.3' }],
  headless: ['shop/db'],
  frontDoor: '172.20.0.3',
};
const web = recordedPort('shop/web:http');

test.each([
  ['shop/web', web.clusterIP, 80, 'shop/web:http'],
  ['shop/web:http', web.clusterIP, 80, 'shop/web:http'],
  ['shop/web:80', web.clusterIP, 80, 'shop/web:http'],
  [`${web.clusterIP}:80`, web.clusterIP, 80, 'shop/web:http'],
  ['e2e-worker:30080', '172.20.0.3', 30_080, 'shop/web:http'],
  ['e2e-worker:22', '172.20.0.3', 22, undefined],
  ['pod/shop/db-0:8080', '10.244.1.5', 8080, undefined],
  ['[fd00::1]:53', 'fd00::1', 53, undefined],
  ['http://app.lab.test/a', '172.20.0.3', 80, undefined],
])('%s is %s port %i', (text, host, port, service) => {
  const target = targetFrom(text, 'tcp', known);
  expect([target.host, target.port, target.service?.name]).toEqual([host, port, service]);
});

test('the same name is another port over UDP', () => {
  expect(targetFrom('kube-system/kube-dns', 'udp', known).service?.name).toBe('kube-system/kube-dns:dns');
  expect(targetFrom('kube-system/kube-dns', 'tcp', known).service?.name).toBe('kube-system/kube-dns:dns-tcp');
});

test.each([
  ['shop/wep', /no TCP target "shop\/wep"/, /shop\/web/],
  ['e2e-worker', /names no port/, /at a port/],
  ['e2e-worker:0', /names no port/, /at a port/],
  ['shop/db', /headless/, /addresses of its pods/],
])('%s is refused in words that help', (text, what, why) => {
  expect(() => targetFrom(text, 'tcp', known)).toThrow(
    expect.objectContaining({
      what: expect.stringMatching(what) as string,
      why: expect.stringMatching(why) as string,
      exitCode: 2,
    }) as Error,
  );
});

test('a URL needs a front door', () => {
  expect(() => targetFrom('http://app.lab.test/', 'tcp', { ...known, frontDoor: undefined })).toThrow(
    expect.objectContaining({ why: expect.stringContaining('no front door') as string }) as Error,
  );
});
