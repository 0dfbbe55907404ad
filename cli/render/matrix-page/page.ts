import { cellName, cellsOf, type MatrixCell, type MatrixReport, type RequirementName } from '../../../network/index.ts';
import { REQUIREMENTS } from '../requirements.ts';
import { gridOf, type Grid, type PlacedCell } from './grid.ts';
import { html, raw, type Html } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/**
 * The matrix as one HTML page that needs nothing else: a grid of sources × destinations for each requirement. What failed stands below
 * its grid in plain words, for those who cannot point at a cell.
 */
export function matrixPage(report: MatrixReport, lab: string): string {
  const cells = report.cells.map((cell, id): PlacedCell => ({ id, cell }));
  const sections = requirementsIn(report).map((name) => section(name, report, cells));
  const skipped = [
    ...new Set(report.cells.flatMap(({ path, skipped: why }) => (why === undefined ? [] : [`${path}: ${why}`]))),
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        />
        <title>${titleOf(report, lab)}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        ${header(report, lab)}
        <main>${sections} ${skippedList(skipped)}</main>
        <aside id="detail" aria-live="polite" hidden></aside>
        <script type="application/json" id="cells">
          ${raw(dataOf(report.cells))}
        </script>
        <script>
          ${raw(SCRIPT)};
        </script>
      </body>
    </html> `;
  return `${page.text}\n`;
}

const ALL = Object.keys(REQUIREMENTS) as readonly RequirementName[];

function requirementsIn({ requirements }: MatrixReport): readonly RequirementName[] {
  return ALL.filter((name) => requirements[name] !== undefined);
}

/** Those of which the lab can have no cell. */
function skippedIn({ requirements, cells }: MatrixReport): readonly RequirementName[] {
  return ALL.filter(
    (name) => requirements[name] === undefined && cells.some(({ requirement }) => requirement === name),
  );
}

function titleOf(report: MatrixReport, lab: string): string {
  const broken = brokenIn(report).length;
  return `${broken === 0 ? '✓' : '✗'} Network of ${lab}`;
}

function brokenIn(report: MatrixReport): readonly RequirementName[] {
  return requirementsIn(report).filter((name) => report.requirements[name]?.ok === false);
}

function header(report: MatrixReport, lab: string): Html {
  const broken = brokenIn(report);
  const all = requirementsIn(report);
  const measured = report.cells.filter(({ skipped }) => skipped === undefined);
  const verdict =
    broken.length === 0
      ? html`<p class="verdict ok">✓ All ${all.length} requirements are kept</p>`
      : html`<p class="verdict bad">
          ✗ ${broken.length} of ${all.length} requirements are broken: ${broken.join(', ')}
        </p>`;
  return html`<header>
    <h1>Network of ${lab}</h1>
    ${verdict}
    <p class="facts">
      ${measured.length} paths tried at
      <time datetime="${report.takenAt}">${report.takenAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time> in
      ${(report.tookMs / 1000).toFixed(1)} s, each with the proof of both ends
    </p>
    <nav aria-label="Requirements">
      ${all.map((name) => card(name, report))}
      ${skippedIn(report).map(
        (name) =>
          html`<a class="card none" href="#skipped"
            ><b>– ${name}</b> <span class="count">skipped</span> <span class="says">${REQUIREMENTS[name]}</span></a
          >`,
      )}
    </nav>
    <p class="legend">
      <span class="pill ok">T</span> TCP <span class="pill ok">U</span> UDP <span class="pill ok">H</span> HTTP
      <span class="pill ok">S</span> HTTPS <span class="pill ok">D</span> DNS <span class="pill bad">✗T</span> failed
      <span class="pill odd">!T</span> failed, but not by this requirement. Point at a cell, or click it to keep it.
    </p>
  </header>`;
}

function card(name: RequirementName, { requirements }: MatrixReport): Html {
  const { ok = true, cells = 0, failed = [] } = requirements[name] ?? {};
  return html`<a class="card ${ok ? 'ok' : 'bad'}" href="#${name}">
    <b>${ok ? '✓' : '✗'} ${name}</b> <span class="count">${cells - failed.length}/${cells}</span>
    <span class="says">${REQUIREMENTS[name]}</span>
  </a>`;
}

function section(name: RequirementName, report: MatrixReport, placed: readonly PlacedCell[]): Html {
  const { covered, broken } = cellsOf(name, report.cells);
  const isBroken = new Set(broken);
  const own = placed.filter(({ cell }) => cell.requirement === name || isBroken.has(cell));
  const elsewhere = covered.length - own.filter(({ cell }) => covered.includes(cell)).length;
  const more =
    elsewhere === 0
      ? ''
      : html`<p class="facts">${elsewhere} more cells count here, and stand in the grids of others.</p>`;
  return html`<section id="${name}">
    <h2><span class="${broken.length === 0 ? 'ok' : 'bad'}">${broken.length === 0 ? '✓' : '✗'}</span> ${name}</h2>
    <p class="says">${REQUIREMENTS[name]}</p>
    ${table(name, gridOf(own), isBroken)} ${more} ${failures(broken)}
  </section>`;
}

function table(name: RequirementName, grid: Grid, isBroken: ReadonlySet<MatrixCell>): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Grid of ${name}">
    <table>
      <caption class="hidden">
        ${name}: who asks down, what is asked across
      </caption>
      <thead>
        <tr>
          <th colspan="2" rowspan="2" scope="col" class="corner">asks</th>
          ${grid.kinds.map(({ kind, width }) => html`<th colspan="${width}" scope="colgroup">${kind}</th>`)}
        </tr>
        <tr>
          ${grid.columns.map(({ to }) => html`<th scope="col" class="to"><span>${to}</span></th>`)}
        </tr>
      </thead>
      ${grid.origins.map(({ name: origin, sources }) => {
        const rows = sources.map(
          ({ from, cells }, index) =>
            html`<tr>
              ${index === 0 ? html`<th rowspan="${sources.length}" scope="rowgroup" class="origin">${origin}</th>` : ''}
              <th scope="row">${from.split('/')[1] ?? 'outside'}</th>
              ${cells.map((group) => html`<td>${group.map((one) => pill(one, isBroken))}</td>`)}
            </tr> `,
        );
        return html`<tbody>
          ${rows}
        </tbody>`;
      })}
    </table>
  </div>`;
}

const LETTERS: Readonly<Record<MatrixCell['protocol'], string>> = {
  tcp: 'T',
  udp: 'U',
  http: 'H',
  https: 'S',
  dns: 'D',
};

/** Only what failed can be reached by the Tab key: a thousand stops would hide it. */
function pill({ id, cell }: PlacedCell, isBroken: ReadonlySet<MatrixCell>): Html {
  const kind = cell.ok ? 'ok' : isBroken.has(cell) ? 'bad' : 'odd';
  const mark = { ok: '', bad: '✗', odd: '!' }[kind];
  const six = cell.path.endsWith('IPv6') ? '6' : '';
  return html`<button type="button" class="pill ${kind}" data-cell="${id}" tabindex="${cell.ok ? '-1' : '0'}">
    ${mark}${LETTERS[cell.protocol]}${six}<span class="hidden"> ${cell.ok ? 'works' : (cell.error ?? 'failed')}</span>
  </button>`;
}

function failures(broken: readonly MatrixCell[]): Html | string {
  if (broken.length === 0) return '';
  return html`<h3>What failed</h3>
    <ul class="failures">
      ${broken.map((cell) => html`<li>${failureText(cell)}</li> `)}
    </ul>`;
}

function failureText(cell: MatrixCell): Html {
  const { from, to, path, protocol, error = 'failed', detail = '', sentSource, observedSource, expectedSource } = cell;
  const ends = [
    sentSource === undefined ? '' : `sent from ${sentSource}`,
    observedSource === undefined ? '' : `seen as ${observedSource}`,
    expectedSource === undefined ? '' : `to be seen as ${expectedSource}`,
    cell.answeredBy === undefined ? '' : `answered by ${cell.answeredBy}`,
  ].filter((text) => text !== '');
  return html`<b>${error}</b> ${from} → ${to} <span class="says">(${path}, ${protocol})</span> ${detail}
    <span class="ends">${ends.join('; ')}</span> <code>kubedrill net matrix --explain '${cellName(cell)}'</code>`;
}

function skippedList(reasons: readonly string[]): Html | string {
  if (reasons.length === 0) return '';
  return html`<section id="skipped">
    <h2><span class="skipped">–</span> skipped</h2>
    <p class="says">What this lab cannot have; neither kept nor broken</p>
    <ul>
      ${reasons.map((reason) => html`<li>${reason}</li> `)}
    </ul>
  </section>`;
}

/** What the script shows of a cell. No `<` in it, so that no text can end the script element. */
function dataOf(cells: readonly MatrixCell[]): string {
  const shown = cells.map((cell) => ({ ...cell, name: cellName(cell) }));
  return JSON.stringify(shown).replaceAll('<', String.raw`\u003c`);
}
