/** Of the matrix's page. Colour never tells alone: what failed has a mark too. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --text: #1c1e21; --soft: #5d636b; --line: #dcdfe3; --panel: #ffffff;
  --ok: #116329; --ok-back: #d9f2de; --bad: #b3150b; --bad-back: #ffdcd8; --odd: #8a5300; --odd-back: #ffeac2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15171a; --text: #e6e8ea; --soft: #9ba3ac; --line: #343a41; --panel: #1e2125;
    --ok: #6fd58a; --ok-back: #173a22; --bad: #ff9b92; --bad-back: #5a1a15; --odd: #ffc766; --odd-back: #4a3208;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; padding: 0 0 14rem; background: var(--page); color: var(--text);
  font: 15px/1.45 system-ui, sans-serif; }
header, main { max-width: 90rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { margin: 1.5rem 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2.25rem 0 0; font-size: 1.2rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
.verdict { margin: .25rem 0; font-size: 1.15rem; font-weight: 600; }
.facts, .says, .legend { color: var(--soft); margin: .15rem 0 .75rem; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .skipped { color: var(--soft); }
nav { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem; margin: 1rem 0; }
.card { display: grid; grid-template-columns: 1fr auto; gap: 0 .5rem; padding: .6rem .75rem; color: var(--text);
  background: var(--panel); border: 1px solid var(--line); border-left: .3rem solid currentColor; border-radius: .4rem;
  text-decoration: none; }
.card:hover { border-color: currentColor; }
.card.ok { border-left-color: var(--ok); } .card.bad { border-color: var(--bad); background: var(--bad-back); }
.card.none { border-left-color: var(--line); color: var(--soft); }
.card.ok b { color: var(--ok); } .card.bad b { color: var(--bad); }
.card .says { grid-column: 1 / -1; margin: 0; font-size: .85rem; }
.card.bad .says { color: inherit; }
.count { font-variant-numeric: tabular-nums; }
.scroll { position: relative; overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; background: var(--panel); width: fit-content;
  max-width: 100%; }
table { border-collapse: collapse; font-size: .82rem; }
th, td { border: 1px solid var(--line); padding: .2rem .35rem; text-align: left; white-space: nowrap; }
thead tr:first-child th, th.corner { border-top: 0; }
thead th { font-weight: 600; text-align: center; }
th.corner { text-align: left; vertical-align: bottom; color: var(--soft); font-weight: 400; }
th.to { font-weight: 400; vertical-align: bottom; }
th.to span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 13rem; overflow: hidden; text-overflow: ellipsis; }
th[scope='row'] { font-weight: 400; position: sticky; left: 0; background: var(--panel); }
th.origin { vertical-align: top; }
tbody { border-top: 2px solid var(--line); }
tbody tr:hover td, tbody tr:hover th[scope='row'] { background: color-mix(in srgb, var(--text) 6%, var(--panel)); }
td { text-align: center; min-width: 2.2rem; }
.pill { font: 600 .72rem/1.3 ui-monospace, monospace; padding: .1rem .28rem; margin: .05rem; border: 1px solid transparent;
  border-radius: .25rem; }
button.pill { cursor: pointer; }
.pill.ok { color: var(--ok); background: var(--ok-back); }
.pill.bad { color: var(--bad); background: var(--bad-back); border-color: var(--bad); }
.pill.odd { color: var(--odd); background: var(--odd-back); border-color: var(--odd); }
.pill:hover, .pill:focus-visible, .pill.kept { outline: 2px solid currentColor; outline-offset: 1px; }
.failures { padding-left: 1.1rem; } .failures li { margin: .35rem 0; } .failures b { color: var(--bad); }
.ends { display: block; color: var(--soft); }
code { font: .82rem/1.4 ui-monospace, monospace; color: var(--soft); user-select: all; }
#detail { position: fixed; right: 1rem; bottom: 1rem; width: min(40rem, calc(100% - 2rem));
  padding: .75rem 1rem; color: var(--text); background: var(--panel); border: 1px solid var(--line);
  border-top: .25rem solid var(--ok); border-radius: .5rem; box-shadow: 0 .5rem 2rem rgb(0 0 0 / .25); }
#detail.bad { border-top-color: var(--bad); }
#detail h2 { margin: 0 0 .35rem; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print { #detail { display: none; } body { padding: 0; } .scroll { overflow: visible; } }
`;
