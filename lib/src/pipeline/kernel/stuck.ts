/** How often is looked, and how often in a row nothing must be under way. */
const LOOK_MS = 1000;
const LOOKS = 4;
/** Milliseconds of processor time in one look: what computes in native code, unseen by Node, takes more. */
const IDLE_MS = 30;

/**
 * Notices that a cell awaits what can never come: the process does nothing, and holds nothing open (a timer, a socket, a
 * file, a child) that could wake it. Such a cell would else run into the time limit, half an hour later.
 *
 * @param onStuck is told whether a cell has asked for input, which is closed.
 * @returns what is to run each cell: it gives back what the cell gives.
 */
export function noticeStuck(
  onStuck: (asked: boolean) => void,
): <T>(cell: () => T | Promise<T>) => Promise<T> {
  const input = watchInput(() => onStuck(true));
  // What was open before the first cell is the kernel's own.
  let own: ReadonlyMap<string, number> | undefined;
  return async (cell) => {
    own ??= counts(process.getActiveResourcesInfo());
    const before = own;
    let used = process.cpuUsage();
    let looks = 0;
    const timer = setInterval(() => {
      const { user, system } = process.cpuUsage(used);
      used = process.cpuUsage();
      const open = [...counts(process.getActiveResourcesInfo())];
      const idle =
        (user + system) / 1000 < IDLE_MS && open.every(([kind, count]) => count <= (before.get(kind) ?? 0));
      looks = idle ? looks + 1 : 0;
      if (looks === LOOKS) onStuck(input.asked);
    }, LOOK_MS).unref();
    try {
      return await cell();
    } finally {
      clearInterval(timer);
    }
  };
}

function counts(kinds: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const kind of kinds) found.set(kind, (found.get(kind) ?? 0) + 1);
  return found;
}

/** What one calls to read from a stream, or to be told when there is something to be read. */
const READS = new Set<unknown>(['data', 'readable', 'keypress']);

/** Whether a cell has taken hold of standard input. @param onRead called when it first wants to read from it. */
function watchInput(onRead: () => void): { readonly asked: boolean } {
  const input = { asked: false, read: false };
  const heard = () => {
    if (!input.read) onRead();
    input.read = true;
  };
  const original = Object.getOwnPropertyDescriptor(process, 'stdin');
  Object.defineProperty(process, 'stdin', {
    ...original,
    get() {
      const stream: NodeJS.ReadStream = original?.get?.call(process);
      if (!input.asked) {
        const { on } = stream;
        const heeded = (...told: unknown[]) => {
          if (READS.has(told[0])) heard();
          return Reflect.apply(on, stream, told);
        };
        Object.assign(stream, { on: heeded, addListener: heeded });
      }
      input.asked = true;
      return stream;
    },
  });
  return input;
}
