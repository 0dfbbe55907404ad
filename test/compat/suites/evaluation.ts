import { MapEvent, type FieldMap } from '../../../detector/event/map-event.ts';
import { compileFilter } from '../../../detector/filter/index.ts';
import { compared, type Suite } from '../suite.ts';
import { mockTable } from './conditions.ts';

interface EvaluationVector {
  readonly src: string;
  readonly test: string;
  readonly expr: string;
  readonly expect: boolean | 'throws';
}

/** Conditions over single events, which are rebuilt here from what the names of the tests say. */
export const evaluationSuite: Suite = {
  name: 'evaluations of single events',
  passes: 432,
  of: 432,
  exempt: {},
  run: (material) =>
    material.json<readonly EvaluationVector[]>('conformance/libs-0.25.4.eval.json').map(({ test, expr, expect }) => {
      const name = `${test.split(',')[1] ?? ''}: ${expr}`;
      const filter = compileFilter(expr, mockTable);
      if (!filter.ok) return compared(name, 'throws', expect);
      return compared(name, filter.matches(new MapEvent(eventOf(test.split(',')[1] ?? '', expr))), expect);
    }),
};

const GETCWD: FieldMap = {
  'evt.type': 'getcwd',
  'evt.num': 1,
  'evt.arg.res': '0',
  'evt.arg[1]': '/test/dir',
  'evt.args': 'res=0 path=/test/dir',
  'evt.rawres': -2,
};

const RUN_FILE: FieldMap = {
  'evt.type': 'open',
  'evt.num': 1,
  'fd.name': '/tmp/file_to_run',
  'fd.directory': '/tmp',
  'evt.arg.data': '6 byte',
};

/** A connection as seen from the server, so that local is the server's end. */
const CONNECTION_4: FieldMap = {
  'evt.type': 'accept',
  'fd.sip': '142.251.111.147',
  'fd.cip': '172.40.111.222',
  'fd.lip': '142.251.111.147',
  'fd.rip': '172.40.111.222',
};

const CONNECTION_6: FieldMap = {
  'evt.type': 'accept',
  'fd.sip': '2001:4860:4860::8888',
  'fd.cip': '::1',
  'fd.lip': '2001:4860:4860::8888',
  'fd.rip': '::1',
};

const EVENTS: Readonly<Record<string, FieldMap>> = {
  bcontains_bstartswith: { 'evt.type': 'write', 'evt.buffer': 'hello' },
  contains_icontains: {
    'evt.type': 'open',
    'evt.arg.flags': 'O_RDWR|O_CREAT',
    'fd.name': '/opt/dir/subdir/file.txt',
  },
  pmatch: { 'evt.type': 'open', 'fd.name': '/opt/dir/subdir/file.txt' },
  net_ipv4_compare: CONNECTION_4,
  net_ipv6_compare: CONNECTION_6,
  net_modifier_ip_compare: CONNECTION_4,
  signed_int_compare: { 'evt.type': 'open', 'evt.cpu': 1, 'evt.rawarg.res': -3, 'fd.num': -1 },
  basename_transformer: RUN_FILE,
  EVT_FILTER_data_buffer_str: { 'evt.type': 'write', 'evt.arg.data': 'gigi' },
  EVT_FILTER_rawarg_madness: {
    'evt.type': 'open',
    'evt.rawarg.size': 100,
    'evt.rawarg.flags': 5,
    'evt.rawarg.uid': 0,
    'evt.rawarg.pgid': 0,
    'evt.rawarg.gid': 0,
  },
  PROC_FILTER_aname: { 'evt.type': 'execve', 'proc.name': 'good-exe', 'proc.aname': ['bash', 'init'] },
  plugin_syscall_extract: {
    'evt.type': 'open',
    'sample.proc_name': 'init',
    'sample.tick': 'false',
    'sample.is_open': 1,
  },
  filter_cache_unary_check_plugin_ptr_instability: {
    'evt.type': 'open',
    'sample.proc_name': 'init',
    'sample.tick': 'false',
  },
  filter_cache_corner_cases: { ...GETCWD, 'sample.is_open': 0, 'fd.sip': '1.2.3.4' },
  filter_cache_pointer_instability: { 'evt.type': 'procexit', 'evt.arg.ret': '0', 'evt.arg.reaper_tid': '1' },
};

function eventOf(test: string, expression: string): FieldMap {
  if (test.startsWith('multivalue_transformer')) return RUN_FILE;
  if (test.startsWith('FILTERCHECK_MOD')) return { 'evt.type': 'execve', 'proc.name': 'myexe' };
  if (test === 'len_transformer') return lengthEvent(expression);
  return EVENTS[test] ?? GETCWD;
}

/** The test opens one descriptor, then another, and then writes. */
function lengthEvent(expression: string): FieldMap {
  const types = expression === 'len(fd.types) = 2' ? ['file', 'ipv4'] : ['file'];
  return { ...RUN_FILE, 'fd.types': types };
}
