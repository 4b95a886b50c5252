/** Audits N invented rows and prints what that took, as JSON: node audit-rows.js N. In a process of its own, for its memory. */
import { audit } from 'small-claims/audit/audit';
import { randomStream } from 'small-claims/project/random';

const VOCABULARY = 20_000;
const size = Number(process.argv[2]);
const random = randomStream('rows to audit', 0);
/** Log-uniform ranks: words as frequent as in Zipf's law. */
const word = () => `w${Math.floor(Math.exp(random.next() * Math.log(VOCABULARY)))}`;
const text = (words: number) => Array.from({ length: words }, word).join(' ');
const rows = (part: string, count: number) =>
  Array.from({ length: count }, (_, row) => ({
    id: `${part}:${row}`,
    claim: text(10),
    evidence: text(30),
    label: ['no', 'unknown', 'yes'][random.below(3)] ?? '',
  }));
const [train, test] = [rows('train', 0.8 * size), rows('test', 0.2 * size)];
const started = performance.now();
await audit(train, test);
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
