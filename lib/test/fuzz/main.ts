import { campaign } from './campaign.js';

// `make fuzz`: every kind of file, changed in every way, TIMES times over.
const times = Number(process.env['TIMES'] || 5);
const outcomes = await campaign(times);
const count = (what: string) => outcomes.filter(({ became }) => became === what).length;
for (const { name, became, said, flaws } of outcomes.filter((outcome) => outcome.flaws.length > 0))
  console.log(
    `${name}: ${became}, ${flaws.join(', ')}\n    ${said.slice(0, 600).replaceAll('\n', '\n    ')}`,
  );
if (process.env['SHOW'])
  for (const { name, became, said } of outcomes.filter((outcome) =>
    outcome.name.includes(process.env['SHOW'] ?? ''),
  ))
    console.log(`${name}: ${became}\n    ${said.slice(0, 600).replaceAll('\n', '\n    ')}`);
console.log(
  `${outcomes.length} inputs: ${count('refused')} refused, ${count('accepted')} accepted, ${outcomes.filter(({ flaws }) => flaws.length > 0).length} not as they should be`,
);
if (outcomes.length === 0 || outcomes.some(({ flaws }) => flaws.length > 0)) process.exitCode = 1;
