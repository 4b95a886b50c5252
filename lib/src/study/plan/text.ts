import type { Prices } from '../../models/prices.js';
import { tableText } from '../../reporting/table.js';
import type { Study } from '../study.js';
import { ESTIMATE_SOURCES, H100 } from './estimate.js';
import type { Here } from './here.js';
import type { PlanStep } from './step.js';

/** A plan for people: the steps by the command that does them, sums, what is missing here, and where estimates are from. */
export function planText(
  study: Pick<Study, 'name' | 'plan'>,
  steps: readonly PlanStep[],
  here: Here,
  prices: Prices,
): string {
  const commands = [...new Set(steps.map(({ command }) => command))];
  return [
    `STUDY=${study.name}: ${study.plan.title}. Nothing is run. Hours are estimates, to a factor of two or three, for one ${H100.title} and for two cores.`,
    ...commands.map((command) =>
      stepTable(
        command,
        steps.filter((step) => step.command === command),
      ),
    ),
    sums(steps, prices),
    missingHere(study, steps, here),
    ['The estimates rest on:', ...ESTIMATE_SOURCES.map((source) => `  ${source}`)].join('\n'),
  ].join('\n\n');
}

function stepTable(command: string, steps: readonly PlanStep[]): string {
  const columns = [
    { id: 'step', title: 'Step' },
    { id: 'inputs', title: 'From' },
    { id: 'gpu', title: 'GPU h', align: 'right' },
    { id: 'cpu', title: '2 cores, h', align: 'right' },
    { id: 'memory', title: 'Memory', align: 'right' },
    { id: 'disk', title: 'Disk', align: 'right' },
    { id: 'dollars', title: 'API $', align: 'right' },
    { id: 'state', title: 'Here' },
  ] as const;
  const rows = steps.map(({ name, inputs, uncounted, memoryBytes, diskBytes, ...step }) => {
    const shown = (value: number | undefined, text: (value: number) => string) =>
      value === undefined ? '' : uncounted ? 'unknown' : text(value);
    return [
      name,
      inputs,
      shown(step.gpuHours, hours),
      shown(step.cpuHours, (value) => value.toFixed(1)),
      memoryBytes === undefined ? '' : gigabytes(memoryBytes),
      diskBytes ? gigabytes(diskBytes) : '',
      shown(step.dollars, (value) => value.toFixed(2)),
      stateText(step),
    ];
  });
  return tableText({ caption: command, columns, rows });
}

function stateText({
  done,
  missing,
  impossible,
  after = [],
}: Pick<PlanStep, 'done' | 'missing' | 'impossible' | 'after'>): string {
  if (done) return 'done';
  if (impossible !== undefined) return `cannot be made: ${impossible}`;
  const lacks = missing.length > 0 ? [`missing: ${missing.join('; ')}`] : [];
  const waits = after.length > 0 ? [`after ${after.join(', ')}`] : [];
  return [...lacks, ...waits].join('; ') || 'can be done';
}

/** What all that is not done yet would take, and cost on the cheapest and the dearest of the GPUs that have a price. */
function sums(steps: readonly PlanStep[], prices: Prices): string {
  const open = steps.filter(({ done }) => !done);
  const sum = (of: (step: PlanStep) => number | undefined) =>
    open.reduce((all, step) => all + (step.uncounted ? 0 : (of(step) ?? 0)), 0);
  const uncounted = open.filter((step) => step.uncounted);
  /** A sum, which says nothing of steps whose rows nobody has counted. */
  const amount = (of: (step: PlanStep) => number | undefined, text: (sum: number) => string) => {
    const without = uncounted.filter((step) => of(step) !== undefined).length;
    if (without === 0) return text(sum(of));
    return sum(of) === 0 ? 'unknown' : `${text(sum(of))} and what ${stepsText(without)} of unknown size take`;
  };
  const gpuHours = sum((step) => step.gpuHours);
  const most = (steps: readonly PlanStep[]) =>
    Math.max(0, ...steps.map(({ memoryBytes }) => memoryBytes ?? 0));
  const computed = (step: PlanStep) => step.gpuHours !== undefined;
  const [gpu, machine] = [open.filter(computed), open.filter((step) => !computed(step))].map(most);
  const rented = Object.entries(prices.hours)
    .filter(([id]) => id.startsWith('h100'))
    .sort(([, a], [, b]) => a.hour - b.hour);
  const [cheapest, dearest] = [rented[0]?.[1], rented.at(-1)?.[1]];
  const rent =
    cheapest && dearest
      ? `; rented, $${(gpuHours * cheapest.hour).toFixed(2)} (${cheapest.title}) to $${(gpuHours * dearest.hour).toFixed(2)} (${dearest.title})`
      : '';
  return [
    'In all, of what is not done:',
    `  GPU hours: ${amount(
      (step) => step.gpuHours,
      (sum) => `${hours(sum)}${rent}`,
    )}; on two cores: ${amount((step) => step.cpuHours, hours)}`,
    `  ${gigabytes(gpu ?? 0)} of GPU memory for the largest step, ${gigabytes(machine ?? 0)} of the machine’s to export the largest adapter, ${gigabytes(sum((step) => step.diskBytes))} of disk`,
    `  for APIs at most: ${amount(
      (step) => step.dollars,
      (sum) => `$${sum.toFixed(2)}, half of it by batch`,
    )} (data/prices.yaml tells how each price is known)`,
    ...(uncounted.length > 0
      ? [
          `  ${stepsText(uncounted.length)} of unknown size: nobody has counted their rows, and the files are not here or cannot be read`,
        ]
      : []),
  ].join('\n');
}

function missingHere({ name }: Pick<Study, 'name'>, steps: readonly PlanStep[], here: Here): string {
  const wanted = steps.filter(({ done }) => !done).reduce((sum, { diskBytes = 0 }) => sum + diskBytes, 0);
  const disk = wanted > here.diskBytes ? [`${gigabytes(wanted - here.diskBytes)} more of disk`] : [];
  const all = [...new Set([...steps.flatMap(({ missing }) => missing), ...disk])];
  const machine = [
    gpuText(here.gpu),
    `${gigabytes(here.memoryBytes)} of memory`,
    `${gigabytes(here.diskBytes)} of disk free`,
    here.trainer ? '.venv-train' : 'no .venv-train',
    here.hosts.size > 0
      ? `${[...here.hosts].join(' and ')} can be reached`
      : 'neither the hub nor a publisher can be reached (package registries are not tried)',
  ];
  return [
    `This machine: ${machine.join(', ')}.`,
    all.length > 0 ? 'Missing here:' : 'Nothing is missing here.',
    ...all.map((what) => `  ${what}`),
    ...impossibleSteps(name, steps),
  ].join('\n');
}

/** What the study cannot have, and how the rest of it is made. */
function impossibleSteps(study: string, steps: readonly PlanStep[]): readonly string[] {
  const refused = steps.filter(({ impossible }) => impossible !== undefined);
  if (refused.length === 0) return [];
  const others = steps.filter((step) => step.command === 'make notebooks' && !refused.includes(step));
  return [
    `Cannot be made for this study: ${refused.map(({ name }) => name).join('; ')}.`,
    others.length > 0
      ? `  The others are made by: STUDY=${study} make ${others.map(({ name }) => name).join(' ')}`
      : '  docs/own-study.md shows a notebook for any study.',
  ];
}

function gpuText(gpu: Here['gpu']): string {
  if (!gpu) return 'no GPU';
  return Number.isNaN(gpu.memoryBytes) ? gpu.name : `${gpu.name} with ${gigabytes(gpu.memoryBytes)}`;
}

const stepsText = (count: number) => `${count} step${count === 1 ? '' : 's'}`;
const hours = (value: number) => (value > 0 && value < 0.01 ? '<0.01' : value.toFixed(2));
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(bytes < 1e8 ? 2 : 1)} GB`;
