import type { ChalkInstance } from 'chalk';
import type { Hop, Trace } from '../../network/index.ts';

/** One line per hop, numbered in the order of the packet, what belongs to it below; then the verdict. */
export function traceText(trace: Trace, detail: 'hops' | 'rules', style: ChalkInstance): string {
  const head = `${style.bold(trace.to)} (${trace.protocol.toUpperCase()}), asked by ${trace.from}\n`;
  const hops = hopsText(trace.hops, detail, style);
  const { ok, says } = trace.verdict;
  return `${head}\n${hops}\n${ok ? style.green(`✓ ${says}`) : style.red(`✗ ${says}`)}\n`;
}

/** One line per hop, numbered. */
export function hopsText(hops: readonly Hop[], detail: 'hops' | 'rules', style: ChalkInstance): string {
  return hops.map((hop, index) => hopText(hop, index + 1, detail, style)).join('');
}

const TITLES: Readonly<Record<Hop['kind'], string>> = {
  name: 'name',
  nat: 'nat rules',
  endpoints: 'endpoints',
  filter: 'filter',
  route: 'route',
  source: 'source',
  ingress: 'ingress',
  'http-route': 'HTTPRoute',
  request: 'request',
  tracked: 'tracking',
  rules: 'kube-proxy',
};

function hopText(hop: Hop, number: number, detail: 'hops' | 'rules', style: ChalkInstance): string {
  const mark = hop.ok ? style.green('✓') : style.red('✗');
  const line = `${String(number).padStart(2)} ${mark} ${TITLES[hop.kind].padEnd(10)} ${hop.says}\n`;
  return (
    line +
    linesOf(hop, detail)
      .map((text) => `     ${' '.repeat(10)} ${style.dim(text)}\n`)
      .join('')
  );
}

/** More than that is for `--json`. */
const MOST_LINES = 6;

function linesOf(hop: Hop, detail: 'hops' | 'rules'): readonly string[] {
  switch (hop.kind) {
    case 'endpoints':
      return hop.endpoints.map(
        ({ at, pod, node, share, state }) =>
          `${percent(share)}  ${at}  ${pod || 'no pod'}${node === '' ? '' : ` on ${node}`}${state === 'ready' ? '' : `, ${state}`}`,
      );
    case 'nat':
    case 'filter':
      return detail === 'rules' ? hop.courses.flatMap(courseLines) : [];
    case 'route':
      return hop.routes.map(({ way }) => way);
    case 'tracked':
      return hop.entries.slice(0, 2);
    case 'rules':
      return shortened(hop.differences.map(({ chain, says }) => `${chain}: ${says}`));
    case 'name':
    case 'source':
    case 'ingress':
    case 'http-route':
    case 'request':
      return [];
  }
}

function courseLines({ steps, end, share }: Extract<Hop, { kind: 'nat' }>['courses'][number]): readonly string[] {
  const way = steps.map(({ chain, line, rule }) => `${chain} ${String(line)}: ${rule.text}`);
  return [...way, `→ ${percent(share).trim()} ${end.kind}${end.kind === 'dnat' ? ` to ${end.to}` : ''}`, ''];
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… and ${String(lines.length - MOST_LINES)} more`];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0).padStart(3)} %`;
}
