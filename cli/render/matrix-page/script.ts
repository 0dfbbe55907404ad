/** Shows the cell under the pointer or with the focus; a click keeps it until the next click or Escape. Plain JavaScript for the page. */
export const SCRIPT = `
const cells = JSON.parse(document.getElementById('cells').textContent);
const panel = document.getElementById('detail');
let kept;
const lines = (cell) => [
  ['result', cell.ok ? 'works' : cell.error + (cell.detail ? ': ' + cell.detail : '')],
  ['path', cell.path + ', ' + cell.protocol + ' (' + cell.row + ')'],
  ['client sent from', cell.sentSource],
  ['server saw', cell.observedSource],
  ['should see', cell.expectedSource],
  ['answered by', cell.answeredBy],
  ['took', cell.ms.toFixed(0) + ' ms' + (cell.tries > 1 ? ', at try ' + cell.tries : '')],
  ['explain', cell.ok ? undefined : "kubedrill net matrix --explain '" + cell.name + "'"],
].filter(([, value]) => value !== undefined);
const show = (pill) => {
  const cell = cells[pill.dataset.cell];
  const title = document.createElement('h2');
  title.textContent = (cell.ok ? '✓ ' : '✗ ') + cell.from + ' → ' + cell.to;
  const list = document.createElement('dl');
  for (const [name, value] of lines(cell)) {
    const dt = document.createElement('dt');
    const dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = value;
    list.append(dt, dd);
  }
  panel.replaceChildren(title, list);
  panel.className = cell.ok ? 'ok' : 'bad';
  panel.hidden = false;
};
const keep = (pill) => {
  kept?.classList.remove('kept');
  kept = pill === kept ? undefined : pill;
  kept?.classList.add('kept');
  if (kept) show(kept);
  else panel.hidden = true;
};
const pillOf = (event) => event.target.closest?.('[data-cell]');
document.addEventListener('mouseover', (event) => {
  const pill = pillOf(event);
  if (pill) show(pill);
  else if (kept) show(kept);
  else panel.hidden = true;
});
document.addEventListener('focusin', (event) => {
  const pill = pillOf(event);
  if (pill) show(pill);
});
document.addEventListener('click', (event) => {
  const pill = pillOf(event);
  if (pill) keep(pill);
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && kept) keep(kept);
});
`;
