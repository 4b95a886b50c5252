import type * as Tslab from 'tslab';

/**
 * The tslab of the kernel this code runs in, or undefined outside a notebook. It has to be the kernel's own:
 * a second copy, imported in the ordinary way, cannot display anything.
 */
export function notebookKernel(): typeof Tslab | undefined {
  const kernel: unknown = Reflect.get(globalThis, '__tslab__');
  return isKernel(kernel) ? kernel.require('tslab') : undefined;
}

function isKernel(value: unknown): value is { require(id: 'tslab'): typeof Tslab } {
  return (
    value !== null && typeof value === 'object' && 'require' in value && typeof value.require === 'function'
  );
}
