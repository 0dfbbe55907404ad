import type { GatewayObject, HttpRouteObject } from '../../../../network/lab/http-routes.ts';
import { servicePorts } from '../../../../network/rules/service-ports.ts';
import { httpRouteHop } from '../../../../network/trace/gateway.ts';

const API = 'gateway.networking.k8s.io/v1';
const PORTS = servicePorts(
  ['web', 'api'].map((name, index) => ({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' } },
    spec: { clusterIPs: [`10.96.7.${String(index + 1)}`], ports: [{ name: 'http', port: 80 }] },
  })),
  [],
  'ipv4',
);
const isTrue = (...types: readonly string[]): NonNullable<GatewayObject['status']>['conditions'] =>
  types.map((type) => ({ type, status: 'True' }));
const EDGE: GatewayObject = {
  ...{ apiVersion: API, kind: 'Gateway', metadata: { name: 'edge', namespace: 'edge' } },
  status: { conditions: isTrue('Accepted', 'Programmed') ?? [] },
};
const rule = (service: string, path?: { readonly type?: string; readonly value?: string }, port = 80): object => ({
  ...(path === undefined ? {} : { matches: [{ path }] }),
  backendRefs: [{ name: service, port }],
});
const route = (
  name: string,
  hostnames: readonly string[] | undefined,
  rules: readonly object[],
  status: HttpRouteObject['status'] = { parents: [{ conditions: isTrue('Accepted', 'ResolvedRefs') ?? [] }] },
): HttpRouteObject => ({
  ...{ apiVersion: API, kind: 'HTTPRoute', metadata: { name, namespace: 'shop' } },
  spec: {
    parentRefs: [{ name: 'edge', namespace: 'edge' }],
    ...(hostnames === undefined ? {} : { hostnames }),
    rules,
  },
  status,
});
const hop = (
  routes: readonly HttpRouteObject[],
  path = '/',
  gateways: readonly GatewayObject[] = [EDGE],
): ReturnType<typeof httpRouteHop> => httpRouteHop({ routes, gateways }, PORTS, { host: 'gw.lab.test', path });

describe('the hop through a Gateway', () => {
  test('names the route, its Gateway and the Service', () => {
    expect(hop([route('web', ['gw.lab.test'], [rule('web')])])).toMatchObject({
      ok: true,
      says: 'shop/web of edge/edge leads gw.lab.test/ to shop/web:http',
      backends: ['shop/web:http'],
    });
  });

  test('is not there when no route takes the host or the path', () => {
    expect(hop([route('web', ['other.lab.test'], [rule('web')])])).toBeUndefined();
    expect(hop([route('web', ['gw.lab.test'], [rule('web', { type: 'PathPrefix', value: '/api' })])])).toBeUndefined();
  });

  test('takes the exact host before a star, and the longest path first', () => {
    const any = route('any', ['*.lab.test'], [rule('web', { type: 'PathPrefix', value: '/api/v1' })]);
    const exact = route('exact', ['gw.lab.test'], [rule('web'), rule('api', { type: 'PathPrefix', value: '/api' })]);
    expect(hop([any, exact], '/api/v1/x')).toMatchObject({ route: 'shop/exact', backends: ['shop/api:http'] });
    expect(hop([any, exact], '/apis')).toMatchObject({ backends: ['shop/web:http'] });
    expect(hop([route('none', undefined, [rule('web')])])).toMatchObject({ ok: true });
  });

  test.each<[string, readonly HttpRouteObject[], readonly GatewayObject[], string]>([
    ['a Gateway that is gone', [route('web', undefined, [rule('web')])], [], 'the Gateway edge/edge is not there'],
    [
      'a Gateway that is not programmed',
      [route('web', undefined, [rule('web')])],
      [{ ...EDGE, status: { conditions: [{ type: 'Programmed', status: 'False', reason: 'Invalid' }] } }],
      'the Gateway edge/edge is not Programmed: Invalid',
    ],
    [
      'a route that nobody has taken up',
      [route('web', undefined, [rule('web')], { parents: [] })],
      [EDGE],
      'no controller has taken up the HTTPRoute shop/web',
    ],
    [
      'a route whose references are not resolved',
      [
        route('web', undefined, [rule('web')], {
          parents: [{ conditions: [{ type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' }] }],
        }),
      ],
      [EDGE],
      'the HTTPRoute shop/web is not ResolvedRefs: BackendNotFound',
    ],
    [
      'a backend port that no Service has',
      [route('web', undefined, [rule('web', undefined, 81)])],
      [EDGE],
      'shop/web leads to web:81, which is not there',
    ],
  ])('tells of %s', (_, routes, gateways, says) => {
    expect(hop(routes, '/', gateways)).toMatchObject({ ok: false, says });
  });
});
