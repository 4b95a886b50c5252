import { COLOURS, INK, LINE, SOFT_INK } from '../reporting/palette.js';

/** Each house colour that a chart is drawn in, with its counterpart on a dark ground. */
const DARK: Readonly<Record<string, string>> = {
  [INK]: '#e6e8eb',
  [SOFT_INK]: '#a3abb5',
  [LINE]: '#3b424b',
  [COLOURS[0] ?? '']: '#8ab8ee',
  [COLOURS[1] ?? '']: '#ee8899',
  [COLOURS[3] ?? '']: '#5588bb',
};

const darkCharts = Object.entries(DARK)
  .map(
    ([light, dark]) => `.adapts [fill="${light}"]{fill:${dark}}.adapts [stroke="${light}"]{stroke:${dark}}`,
  )
  .join('\n');

/** The look of the report: one column, in light and dark, on a phone and on paper. */
export const STYLE = `
:root{--ground:#fff;--raised:#f6f8fa;--ink:#1f2328;--soft:#57606a;--line:#d0d7de;--link:#0b57a4;
--fine:#1a6b3c;--look:#7a5200;--leaks:#a8232f;--fine-ground:#e3f4e8;--look-ground:#fff3c4;--leaks-ground:#fde4e4;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--ground:#14171b;--raised:#1d2126;--ink:#e6e8eb;--soft:#a3abb5;--line:#3b424b;--link:#8ab8ee;
--fine:#8fd6a8;--look:#f0cf7a;--leaks:#ffaeb0;--fine-ground:#173222;--look-ground:#3a2f0d;--leaks-ground:#451b1f}}
*{box-sizing:border-box}
html{background:var(--ground);color:var(--ink);font:100%/1.5 "Helvetica Neue",Helvetica,Arial,sans-serif;-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:58rem;padding:2rem 1.25rem 4rem;overflow-wrap:break-word}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.2rem;margin:2.5rem 0 .5rem;border-top:1px solid var(--line);padding-top:1.25rem;break-after:avoid}
h3{font-size:1rem;margin:1.5rem 0 .3rem;break-after:avoid}
p{margin:.5rem 0;max-width:46rem}
a{color:var(--link)}
:focus-visible{outline:.15rem solid var(--link);outline-offset:.15rem}
.headline{font-size:1.15rem;font-weight:600;max-width:46rem}
.verdicts{list-style:none;padding:0;margin:.75rem 0;max-width:46rem}.verdicts li{margin:.3rem 0}
.soft,figcaption,caption{color:var(--soft);font-size:.9rem}
.badge{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-weight:600;font-size:.9rem;white-space:nowrap}
.fine{color:var(--fine);background:var(--fine-ground)}
.cannot-tell{color:var(--ink);background:var(--raised)}
.look{color:var(--look);background:var(--look-ground)}
.leaks{color:var(--leaks);background:var(--leaks-ground)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}
td:first-child{min-width:7rem}
td.number,th.number{text-align:right;white-space:nowrap}
table.checks td,table.checks th,.text td{overflow-wrap:anywhere}
.text td:nth-child(n+2){min-width:14rem}
.criterion{display:block;color:var(--soft);font-size:.85rem;font-weight:400}
figure{margin:1rem 0}
figure svg{display:block;width:100%;height:auto}
figcaption{max-width:46rem;margin-top:.4rem}
summary{cursor:pointer;padding:.3rem 0}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.88em}
.ids{columns:14rem;padding-left:1.2rem;margin:.3rem 0;font-size:.85rem}
@media screen and (prefers-color-scheme:dark){.adapts svg>rect[fill="white"]{fill:transparent}
${darkCharts}}
@media (max-width:38rem){table.checks,table.checks tbody,table.checks tr,table.checks td,table.checks th{display:block;border:0;padding:.1rem 0}
table.checks thead{position:absolute;left:-100vw}table.checks tr{border-bottom:1px solid var(--line);padding:.6rem 0}}
@media print{body{max-width:none;padding:0;font-size:10pt}details>*{display:block}h2{break-after:avoid}figure,tr{break-inside:avoid}}
`;
